"""TFMOT and Official Models on the sandbox, as deeds find them: carl works in a fork, the others do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from staged import Set

from release_tools.model import Permission
from release_tools.rehearsal.stage import ROLES
from release_tools.sandbox import pulls
from release_tools.sandbox.world import World


@pytest.fixture
def stage(tmp_path: Path) -> Any:
    """No pull request is open."""
    world = World(tmp_path / "github")
    people = {name: world.user(name) for name in ROLES}
    organization = world.organization("t")
    tfmot = world.repository(organization, "tfmot", {"setup.py": "one\ntwo\n", "old.py": "xy\n"})
    models = world.repository(organization, "models", {"README.md": "one\ntwo\n"})
    for one in (tfmot, models):
        one.collaborators[people["mona"].id] = Permission.WRITE
    return Set(
        world=world, people=people, tfmot=tfmot, models=models, own=world.fork(models, people["carl"]),
        pull=None, regressed=False, consents=False, facts={"version": "1.2.3"}, ran=[],
    )  # fmt: skip


@pytest.fixture
def opened(stage: Any) -> Any:
    """Carl's pull request is open."""
    stage.world.commit(stage.own, "topic", {"new.py": "1\n"}, stage.people["carl"], start="master")
    stage.pull = pulls.open_pull(
        stage.world, stage.models, stage.people["carl"], "New", "carl:topic", "master"
    )
    return stage
