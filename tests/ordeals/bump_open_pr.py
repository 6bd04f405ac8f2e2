"""`bump-min-version --open-pr`: one branch, one commit, one pull request with its labels."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest
from packaging.version import Version
from town import Town

from release_tools.bump import Target, checkout, remote
from release_tools.bump.floors import Options
from release_tools.bump.minimum import Request
from release_tools.bump.reading import Package
from release_tools.bump.remote import Place
from release_tools.github import GitHub
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import ACTIONS, World

T = "tensorflow-model-optimization"
PACKAGE = Package(T)
REQUEST = Request(PACKAGE, Target(PACKAGE, Version("0.8.0")), (Path(),), Options(), verify=False)
RIGHTS = {"contents": "write", "pull_requests": "write", "metadata": "read"}
FILES = {"official/requirements.txt": f"six\n{T}>=0.4.1\n", "constraints.txt": f"{T}>=0.4\n"}


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    town = laid(folder)

    def run() -> int:
        return offered(town, Place(town.base.full_name, labels=("mot: bump",)))

    return ordeal.Stage(town.world, run)


def laid(folder: Path) -> Town:
    world = World(folder / "github")
    town = Town(world, Gateway(world))
    world.commit(town.base, "master", FILES, town.mona)
    return town


def offered(town: Town, place: Place) -> int:
    """Whether nothing was refused."""
    token = town.world.workflow_token(town.base, **RIGHTS)
    github = GitHub(token, login=ACTIONS, wait=lambda _: None, seconds_between_writes=0)

    def fetch(_: str, ref: str, folder: Path) -> str:
        return checkout.fetch(str(town.base.git.folder), ref, folder)

    made = remote.run(REQUEST, place, github, fetch, lambda _: None)
    assert made.outcome.decision
    return int(bool(made.outcome.decision.refusals))
