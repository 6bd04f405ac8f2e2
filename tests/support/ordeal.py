"""A command that talks to GitHub while GitHub fails at random: the world comes to be what it would be.

A story is a file of `tests/ordeals/`, one a command: a world, and the command on it as somebody runs it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import click
import pytest
import units
from click.testing import CliRunner
from fingerprint import fingerprint
from fuzzing import require_line

from convergence.errors import UserError
from release_tools import cli
from release_tools.github import GitHub
from release_tools.jobs import connection
from release_tools.sandbox import inprocess
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import World

FOLDER = Path(__file__).parents[1] / "ordeals"
RATE = 0.25  # of all calls: half of all longer commands meet a fault more than once in a row
TIMES = 8  # that somebody runs a command again


@dataclass(frozen=True)
class Stage:
    """What a story begins with.

    Attributes:
      run: the command, once; it may raise a UserError.
      index: the folder of the package index, if there is one.
      status: what the command ends with once it is done.
    """

    world: World
    run: Callable[[], int]
    index: Path | None = None
    status: int = 0


@dataclass(frozen=True)
class Suffered:
    """What a command came to among faults.

    Attributes:
      after: the world.
      met: the faults that its calls met; without any, it proves nothing.
    """

    after: Mapping[str, str]
    met: tuple[str, ...]


class Story(Protocol):
    """The contract of a file in `tests/ordeals/`."""

    def begin(self, folder: Path, patch: pytest.MonkeyPatch) -> Stage:
        """A new world; the same at every call."""


@functools.cache
def stories() -> Mapping[str, Path]:
    return {path.stem: path for path in sorted(FOLDER.glob("*.py")) if not path.stem.startswith("test_")}


@functools.cache
def load(name: str) -> Story:
    return cast(Story, units.load(stories()[name], "ordeal"))


def calm(story: Story, folder: Path, patch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The world after the command, with nothing in its way; running it again changes nothing."""
    stage = story.begin(folder, patch)
    with connected(stage.world, patch):
        assert stage.run() == stage.status
        after = fingerprint(stage.world, stage.index)
        assert stage.run() == stage.status
        assert fingerprint(stage.world, stage.index) == after
    return after


def suffered(story: Story, folder: Path, patch: pytest.MonkeyPatch, seed: int) -> Suffered:
    """The command while faults come at random: run until it is done, as people do."""
    stage = story.begin(folder, patch)
    stage.world.faults.at_random(seed, RATE)
    with connected(stage.world, patch):
        for _ in range(TIMES):
            if attempt(stage) == stage.status:
                break
        else:
            stage.world.faults.at_random(seed, 0)
            assert stage.run() == stage.status
    return Suffered(fingerprint(stage.world, stage.index), tuple(stage.world.faults.met))


def attempt(stage: Stage) -> int:
    """One run: how it ends; what GitHub is to blame for is one line and status 4."""
    try:
        return stage.run()
    except UserError as error:
        require_line(str(error))
        if cli.exit_status(error) != cli.INFRASTRUCTURE:
            raise
        return cli.INFRASTRUCTURE


@contextmanager
def connected(world: World, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every command that connects meanwhile talks to this world, and nobody waits."""

    def connect(environment: Mapping[str, str]) -> GitHub:
        token, login = (environment.get(f"GITHUB_{name}", "") for name in ("TOKEN", "LOGIN"))
        return GitHub(token, login=login, wait=lambda _: None, seconds_between_writes=0)

    patch.setattr(connection, "connect", connect)
    with inprocess.connected(Gateway(world)):
        yield


def invoke(command: click.Command, *words: str | Path, **environment: str) -> int:
    """A command as the command line runs it: its exit status."""
    ran = CliRunner().invoke(command, list(map(str, words)), env=environment)
    if isinstance(ran.exception, UserError):
        raise ran.exception
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.exit_code
