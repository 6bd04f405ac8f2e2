"""The fork from its founding to its first conflict, over HTTP as people run it, with a token of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from town import Town

from release_tools.sandbox.server import served

MAIN = "from release_tools.cli import main; main()"
pytestmark = pytest.mark.enable_socket


@dataclass
class Terminal:
    """Where mona, who owns the organisation mot, types."""

    town: Town
    url: str

    def run(self, *words: str, token: str = "") -> tuple[int, list[str]]:
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "GITHUB_API_URL": self.url,
            "GITHUB_TOKEN": token or self.town.world.token(self.town.mona),
        }
        ran = subprocess.run(
            [sys.executable, "-c", MAIN, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, (ran.stdout + ran.stderr).splitlines()


@pytest.fixture
def terminal(town: Town) -> Iterator[Terminal]:
    org = town.world.organization("mot", [town.mona])
    town.world.team(org, "reviewers", [town.mona])
    with served(town.world, town.gateway.judge) as url:
        yield Terminal(town, url)


def test_the_fork_is_founded_synced_and_refused(terminal: Terminal) -> None:
    town = terminal.town
    found = ("init", "--repo", "tensorflow/models", "--fork", "mot/models", "--reviewer", "mot/reviewers")
    sync = ("fork", "sync", "--repo", "mot/models")
    status, said = terminal.run(*found)
    assert (status, said[0]) == (0, "done       fork tensorflow/models as mot/models")
    fork = town.world.find("mot/models")
    assert fork is not None
    ours = town.world.commit(fork, "master", {"ours.py": "x = 1\n"}, town.carl, "Ours")
    theirs = town.world.commit(town.base, "master", {"theirs.py": "y = 1\n"}, town.mona)

    status, said = terminal.run(*sync, token=town.world.token(town.carl))
    assert (status, said[0][:19]) == (2, "error[push-refused]")
    assert fork.git.resolve("master") == ours
    status, said = terminal.run(*sync)
    head = fork.git.resolve("master")
    assert (status, said) == (
        0,
        [
            f"kept      {ours[:12]} Ours",
            f"moved master on tensorflow/models@{theirs[:12]}: {ours[:12]} → {head[:12]}",
        ],
    )
    assert fork.git.commit(head).parents == (theirs,)

    town.world.commit(town.base, "master", {"ours.py": "z = 1\n"}, town.mona)
    status, said = terminal.run(*sync)
    assert (status, said[0]) == (1, f"conflict  {head[:12]} Ours: ours.py")
    assert fork.git.resolve("master") == head
