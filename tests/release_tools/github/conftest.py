"""Our GitHub connected to the sandbox without a socket, with waits that pass at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from town import Town

from release_tools.github import GitHub
from release_tools.sandbox import inprocess
from release_tools.sandbox.world import ACTIONS

RIGHTS = {
    "checks": "write",
    "pull_requests": "write",
    "contents": "read",
    "actions": "write",
    "metadata": "read",
}
Connect = Callable[..., GitHub]


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited, wait by wait."""
    return []


@pytest.fixture
def connect(town: Town, waits: list[float]) -> Iterator[Connect]:
    """Connects with a token, by default a workflow's with the rights of our own."""

    def connect(token: str = "", login: str = ACTIONS) -> GitHub:
        token = token or town.world.workflow_token(town.base, **RIGHTS)
        return GitHub(token, login=login, wait=waits.append, seconds_between_writes=0)

    with inprocess.connected(town.gateway):
        yield connect


@pytest.fixture
def github(connect: Connect) -> GitHub:
    return connect()


@pytest.fixture
def repository(town: Town) -> str:
    return town.base.full_name


@pytest.fixture
def number(town: Town) -> int:
    """A pull request of carl's, from his fork."""
    return town.pull()


@pytest.fixture
def head(town: Town, number: int) -> str:
    """Its head."""
    pull = town.base.issues[number].pull
    assert pull
    return pull.head_sha


@pytest.fixture
def calls(town: Town) -> Callable[[], list[str]]:
    """What was called since it was asked last: `GET /repos/…`."""
    seen = 0

    def since() -> list[str]:
        nonlocal seen
        new, seen = town.world.calls[seen:], len(town.world.calls)
        return [f"{call.method} {call.path.removeprefix('/repos/tensorflow/models')}" for call in new]

    return since
