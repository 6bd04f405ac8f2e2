"""Where the policy that counts is read from, and that a whole conversation survives what goes wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import cast

import pytest
from scene import ENVIRONMENT, Scene

from convergence.errors import UserError
from release_tools import config, event, response
from release_tools.conversation import Reader
from release_tools.event import Event
from release_tools.github import GitHub
from release_tools.model import Comment, IssueComment, Person
from release_tools.sandbox import faults, server
from release_tools.sandbox.faults import Fault
from release_tools.sandbox.world import ACTIONS

SAID = IssueComment(7, Person("mona", 1), "/converge", datetime(2026, 1, 1, tzinfo=UTC), "")
EVENT = Event("o/r", "main", 3, SAID, created=True, on_pull_request=True)


class Branch:
    """A reader of a repository without files."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []

    def read_file(self, repository: str, path: str, ref: str) -> None:
        self.asked.append((repository, path, ref))


def test_the_policy_is_that_of_the_default_branch_and_of_no_tag_of_its_name() -> None:
    branch = Branch()
    said = response.respond(EVENT, cast(Reader, branch), None)
    with pytest.raises(UserError, match="there is no policy"):
        list(said)
    assert branch.asked == [("o/r", config.PATH, "refs/heads/main")]


def test_without_a_policy_nobody_starts_anything() -> None:
    said = response.respond(EVENT, cast(Reader, Branch()), None)
    next(said)
    comment = next(said)
    assert isinstance(comment, Comment)
    assert comment.body.startswith("Nothing was started: the policy cannot be read")


FAULTS = [faults.secondary_limit(None), faults.bad_gateway(performed=True), faults.dropped(performed=True)]


def conversation(folder: Path, fault: Fault | None = None, skip: int = 0) -> tuple[str, str, int]:
    """A request over a real connection on which one call goes wrong.

    Returns:
      What people read, what later jobs read, and how many faults no call has met.
    """
    scene = Scene(folder)
    scene.write(scene.mona, "/converge pruning", scene.own)
    path = folder / "event.json"
    path.write_text(json.dumps(scene.told[-1]))
    if fault:
        scene.world.faults.add(fault, skip=skip)
    with server.served(scene.world) as url:
        token = scene.world.workflow_token(scene.models, **scene.rights)
        github = GitHub(token, url, login=ACTIONS, wait=lambda _: None, seconds_between_writes=0)
        heard = event.read(path, ENVIRONMENT | {"GITHUB_RUN_ID": "5"})
        for decided in response.respond(heard, github, None):
            response.carry_out(decided, github.perform, scene.plan, scene.output)
    outputs = [line.partition("=")[0] for line in scene.output.read_text().splitlines()]
    return scene.transcript(), ", ".join(outputs), scene.world.faults.pending()


@pytest.mark.enable_socket
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_whichever_call_goes_wrong_all_is_said_once(tmp_path: Path, fault: Fault) -> None:
    expected = conversation(tmp_path / "well")
    for skip in count():
        *said, unmet = conversation(tmp_path / str(skip), fault, skip)
        assert tuple(said) == expected[:2], f"call {skip}"
        if unmet:
            break
    assert skip > 10
