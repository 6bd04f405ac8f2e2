"""`check-example --publish`: a report becomes one check on the head, and is kept on the history branch."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest
from town import Town

from convergence import records
from release_tools.commands import check_example
from release_tools.sandbox import pulls
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import ACTIONS, World
from release_tools.standards.nouns import Report

RIGHTS = {"contents": "write", "checks": "write", "pull_requests": "read", "metadata": "read"}


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    world = World(folder / "github")
    town = Town(world, Gateway(world))
    world.commit(town.base, "master", {".github/release-tools.toml": ""}, town.mona)
    world.commit(town.fork, "topic", {"a.py": "x = 1\n"}, town.carl, start="master")
    made = pulls.open_pull(world, town.base, town.carl, "It", "carl:topic", "master")
    assert made.pull
    target, out = f"tensorflow/models#{made.number}", folder / "report.json"
    records.write(
        out,
        Report(
            example=target,
            sha=made.pull.head_sha,
            modules=1,
            imported=1,
            isolation="none",
            rules=(),
            findings=(),
        ),
    )
    token, run = (
        world.workflow_token(town.base, **RIGHTS),
        "https://github.com/tensorflow/models/actions/runs/7",
    )

    def publish() -> int:
        words = (target, "--publish", out, "--keep", run)
        return ordeal.invoke(check_example.command, *words, GITHUB_TOKEN=token, GITHUB_LOGIN=ACTIONS)

    return ordeal.Stage(world, publish)
