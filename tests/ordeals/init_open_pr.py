"""`init --open-pr`: the workflow's stubs are offered as one pull request."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest
from town import Town

from release_tools.commands import init
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import World

TOOLS = f"o/tools@{'a' * 40}"
OFFER = ("--repo", "tensorflow/models", "--open-pr", "--tools", TOOLS, "--version", "v1.0.0")


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    world = World(folder / "github")
    town = Town(world, Gateway(world))
    token = world.token(town.mona)
    return ordeal.Stage(world, lambda: ordeal.invoke(init.command, *OFFER, GITHUB_TOKEN=token))
