"""`fork sync`: the fork's branch and its mark move together."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest
from town import Town

from release_tools.commands import fork
from release_tools.github import GitHub
from release_tools.sandbox import pushes
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import World


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    world = World(folder / "github")
    town = Town(world, Gateway(world))
    made = world.fork(town.base, world.organization("mot", [town.mona]))
    world.commit(made, "master", {"ours.py": "x = 1\n"}, town.carl, "Ours")
    world.commit(town.base, "master", {"new.py": "y = 1\n"}, town.mona, "Theirs")
    folders = {one.full_name: str(one.git.folder) for one in (town.base, made)}
    real, token = GitHub.clone_address, world.token(town.mona)

    def clone_address(self: GitHub, name: str) -> str:
        assert real(self, name).endswith(".git")
        return folders[name]

    def run() -> int:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(GitHub, "clone_address", clone_address)
            words = ("sync", "--repo", "mot/models")
            status = ordeal.invoke(fork.command, *words, GITHUB_TOKEN=token)
        pushes.look(world)
        return status

    return ordeal.Stage(world, run)
