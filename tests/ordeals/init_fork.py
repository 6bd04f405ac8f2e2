"""`init --fork`: a fork with its protections, each once."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest
from town import Town

from release_tools.commands import init
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import World

FORK = ("--repo", "tensorflow/models", "--fork", "mot/models", "--reviewer", "mot/reviewers")


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    world = World(folder / "github")
    town = Town(world, Gateway(world))
    world.team(world.organization("mot", [town.mona]), "reviewers", [town.mona])
    token = world.token(town.mona)
    return ordeal.Stage(world, lambda: ordeal.invoke(init.command, *FORK, GITHUB_TOKEN=token))
