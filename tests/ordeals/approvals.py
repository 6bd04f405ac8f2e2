"""`approvals` and `status --publish`: one comment, one check and one label on a technique's pull request."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest
from town import Town
from walk import NAMES, Walk

from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import World


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    folder.mkdir(exist_ok=True)
    world = World(folder / "github")
    walk = Walk(Town(world, Gateway(world)), folder, "official", "full")
    walk.index.publish("0.8.2", NAMES)

    def run() -> int:
        publishing = walk._run()
        (state,) = publishing.look()
        assert state.technique == "pruning"
        list(publishing.publish(dry_run=False))
        return 0

    return ordeal.Stage(world, run)
