"""The connection itself, over loopback: PyGithub's own retry for reads alone, and where the token goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.github.patience import ATTEMPTS
from release_tools.model import Comment, SetLabels
from release_tools.sandbox import faults, server
from release_tools.sandbox.faults import Fault
from release_tools.sandbox.world import ACTIONS

RIGHTS = {"checks": "read", "pull_requests": "write", "metadata": "read"}
FAULTS = [
    (faults.too_many(7), [7.0]),
    (faults.secondary_limit(9), [9.0]),
    (faults.secondary_limit(None), [60.0]),
    (faults.bad_gateway(), []),
    (faults.dropped(), []),
    (faults.slow(0.01), []),
]


@pytest.fixture
def served(town: Town, waits: list[float]) -> Iterator[GitHub]:
    with server.served(town.world) as url:
        token = town.world.workflow_token(town.base, **RIGHTS)
        yield GitHub(token, url, login=ACTIONS, wait=waits.append, seconds_between_writes=0)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("fault", "asked"), FAULTS, ids=lambda one: one.name if isinstance(one, Fault) else ""
)
@pytest.mark.parametrize("path", ["/pulls/1$", "/comments", "/reviews", "/check-runs"])
def test_reads_are_tried_again(
    town: Town, served: GitHub, waits: list[float], fault: Fault, asked: list[float], path: str
) -> None:
    number = town.pull()
    town.world.faults.add(fault, "GET", path)
    assert served.snapshot(town.base.full_name, number).pull_request.title == "Add a file"
    assert (waits, town.world.faults.pending()) == (asked, 0)


@pytest.mark.parametrize(
    ("address", "seconds"),
    [
        ("https://api.github.com", 1.0),
        ("https://github.example.com/api/v3", 1.0),
        ("https://localhost.example.com", 1.0),
        ("http://127.0.0.1:8080", 0.0),
        ("http://[::1]:8080", 0.0),
    ],
)
def test_writes_keep_githubs_pace_everywhere_but_on_loopback(address: str, seconds: float) -> None:
    requester = GitHub("token", address)._session._client.requester
    assert requester.kwargs["seconds_between_writes"] == seconds


@pytest.mark.enable_socket
@pytest.mark.parametrize("fault", [faults.dropped(performed=True), faults.bad_gateway(performed=True)])
def test_writes_are_not_repeated_without_a_look(
    town: Town, served: GitHub, waits: list[float], fault: Fault
) -> None:
    number = town.pull()
    town.world.faults.add(fault, "POST", "/comments")
    served.perform(Comment(town.base.full_name, number, "k", "once"))
    assert (len(town.base.issues[number].comments), waits) == (1, [5.0])


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.bad_gateway(), "github-failing.*too many 502 error responses.*again later"),
        (faults.dropped(), "unreachable.*ConnectionError"),
        (faults.too_many(901), "rate-limit.*asks to wait 901 s"),
    ],
)
def test_a_read_that_never_succeeds_is_said(town: Town, served: GitHub, fault: Fault, said: str) -> None:
    number = town.pull()
    town.world.faults.add(fault, times=ATTEMPTS + 1)
    with pytest.raises(UserError, match=said):
        served.snapshot(town.base.full_name, number)


@pytest.mark.enable_socket
def test_nobody_there_is_said(waits: list[float]) -> None:
    with pytest.raises(UserError, match=r"unreachable.*no answer from GitHub"):
        GitHub("t", "http://127.0.0.1:9", wait=waits.append).default_branch("o/r")
    assert waits == [2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize(
    "url", ["", "ftp://a", "http://github.example", "github.com", "https://", "file:///x"]
)
def test_a_token_goes_nowhere_but_encrypted(url: str) -> None:
    with pytest.raises(UserError, match="bad-address"):
        GitHub("t", url)


def test_without_a_token_it_is_said() -> None:
    with pytest.raises(UserError, match=r"no-token.*GITHUB_TOKEN"):
        GitHub("")


@pytest.mark.parametrize("name", ["", "models", "a/b/c", "/b", "a/"])
def test_what_is_no_repository_is_said(github: GitHub, name: str) -> None:
    for ask in (github.default_branch, lambda repository: github.permission(repository, "mona")):
        with pytest.raises(UserError, match="bad-repository"):
            ask(name)


@dataclass
class Given:
    """An answer."""

    status: int
    body: Any
    headers: dict[str, str]

    def read(self) -> str:
        return json.dumps(self.body)

    def getheaders(self) -> list[tuple[str, str]]:
        return list(self.headers.items())


class Scripted:
    """A connection that answers from a script, and keeps where it was asked to go."""

    script: ClassVar[dict[str, Given]]
    asked: ClassVar[list[str]]

    def __init__(self, host: str, *_: Any, **__: Any) -> None:
        self.host = host

    def request(self, verb: str, url: str, *_: Any) -> None:
        self.asked.append(f"{verb} {self.host}{url}")
        self._path = url.partition("?")[0]

    def getresponse(self) -> Given:
        return self.script[self._path]

    def close(self) -> None:
        pass


@pytest.fixture
def scripted() -> Iterator[type[Scripted]]:
    from github.Requester import Requester

    class Mine(Scripted):
        script: ClassVar[dict[str, Given]] = {}
        asked: ClassVar[list[str]] = []

    Requester.injectConnectionClasses(Mine, Mine)  # type: ignore[arg-type]
    yield Mine
    Requester.resetConnectionClasses()


def test_an_app_learns_its_name_from_graphql(scripted: type[Scripted]) -> None:
    scripted.script["/graphql"] = Given(200, {"data": {"viewer": {"login": "mot[bot]"}}}, {})
    hub = GitHub("ghs_t")
    assert (hub.login, hub.login) == ("mot[bot]", "mot[bot]")
    assert scripted.asked == ["POST api.github.com/graphql"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/x", "https://api.github.com.evil.example/x"])
def test_an_answer_leads_nowhere_else(scripted: type[Scripted], elsewhere: str) -> None:
    scripted.script["/repos/o/r"] = Given(301, {}, {"location": elsewhere})
    scripted.script["/repos/o/r/issues/1/labels"] = Given(
        200, [{"name": "x"}], {"link": f'<{elsewhere}>; rel="next"'}
    )
    hub = GitHub("t")
    for ask in (lambda: hub.default_branch("o/r"), lambda: hub.perform(SetLabels("o/r", 1, ("y",)))):
        with pytest.raises(UserError, match="foreign-address"):
            ask()
    assert all(asked.startswith("GET api.github.com/repos/o/r") for asked in scripted.asked)


@pytest.mark.parametrize(
    ("header", "named"),
    [
        (
            {"x-accepted-github-permissions": "issues=write; pull_requests=write"},
            "issues: write or pull-requests: write",
        ),
        ({}, "pull-requests: read"),
    ],
)
def test_github_s_own_word_for_a_permission_comes_first(
    scripted: type[Scripted], header: dict[str, str], named: str
) -> None:
    scripted.script["/repos/o/r/pulls/1"] = Given(403, {"message": "Resource not accessible"}, header)
    with pytest.raises(UserError, match=f"no-permission.*give the token {named}$"):
        GitHub("t").snapshot("o/r", 1)
