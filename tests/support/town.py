"""A small town of people and repositories with its GitHub in-process; all it says is held to the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from release_tools.model import Permission
from release_tools.sandbox import inprocess
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

if TYPE_CHECKING:
    from published import Judge


@dataclass
class Answer:
    """What came back."""

    status: int
    json: Any
    text: str
    headers: Mapping[str, str]


@dataclass
class Town:
    """An organisation with one repository, mona who maintains it, and carl who contributes from his fork."""

    world: World
    gateway: Gateway
    org: Account = field(init=False)
    mona: Account = field(init=False)
    carl: Account = field(init=False)
    base: Repository = field(init=False)
    fork: Repository = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.mona, self.carl = world.user("mona"), world.user("carl")
        self.org = world.organization("tensorflow")
        self.base = world.repository(self.org, "models", {"README.md": "# Models\n", "a/b.txt": "one\ntwo\n"})
        self.base.collaborators[self.mona.id] = Permission.WRITE
        self.fork = world.fork(self.base, self.carl)

    def call(
        self, who: Account | str | None, method: str, path: str, sent: Any = None, **headers: str
    ) -> Answer:
        """One call by somebody, or with a token, or by a stranger."""
        token = self.world.token(who) if isinstance(who, Account) else who
        named = {"Authorization": f"Bearer {token}"} if token else {}
        body = b"" if sent is None else json.dumps(sent).encode()
        content = {"Content-Type": "application/json"} if sent is not None else {}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        response = inprocess.call(self.gateway, method, path, body, {**named, **content, **more})
        return Answer(
            response.status_code, response.get_json(silent=True), response.get_data(True), response.headers
        )

    def pull(self, branch: str = "topic", path: str = "new.py", text: str = "x = 1\n") -> int:
        """The number of a pull request that carl opens from a branch of his fork."""
        self.world.commit(self.fork, branch, {path: text}, self.carl, "Add a file", "master")
        sent = {"title": "Add a file", "head": f"carl:{branch}", "base": "master", "body": "Please."}
        answer = self.call(self.carl, "POST", f"/repos/{self.base.full_name}/pulls", sent)
        assert answer.status == 201, answer.json
        return int(answer.json["number"])


@pytest.fixture
def judge() -> Iterator[Judge]:
    """Fails the test when anything was said that GitHub does not document."""
    from published import Judge  # half a second

    made = Judge()
    yield made
    if made.found:
        pytest.fail("\n".join(sorted(set(made.found))), pytrace=False)


@pytest.fixture
def town(tmp_path: Path, judge: Judge) -> Town:
    world = World(tmp_path / "github")
    world.events.subscribe(judge.hear)
    return Town(world, Gateway(world, judge))


@pytest.fixture
def heard(town: Town) -> list[tuple[str, str]]:
    """Events and their actions, as they happen."""
    events: list[tuple[str, str]] = []
    town.world.events.subscribe(lambda one: events.append((one.event, one.payload.get("action", ""))))
    return events
