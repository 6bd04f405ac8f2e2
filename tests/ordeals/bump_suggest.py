"""`bump-min-version --pull-request N`: the lines are suggested once on somebody's own pull request."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest

from release_tools.bump.remote import Place
from release_tools.sandbox import pulls


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    bump = ordeal.load("bump_open_pr")
    town = bump.laid(folder)  # type: ignore[attr-defined]
    files = {"official/requirements.txt": f"six\n{bump.T}>=0.5.0\n"}  # type: ignore[attr-defined]
    town.world.commit(town.fork, "topic", files, town.carl, start="master")
    made = pulls.open_pull(town.world, town.base, town.carl, "Mine", "carl:topic", "master")

    def run() -> int:
        return int(bump.offered(town, Place(town.base.full_name, pull_request=made.number)))  # type: ignore[attr-defined]

    return ordeal.Stage(town.world, run)
