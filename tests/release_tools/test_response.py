"""Where the policy that counts is read from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest

from convergence.model import UserError
from release_tools import config, response
from release_tools.conversation import Reader
from release_tools.event import Event
from release_tools.model import Comment, IssueComment, Person

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
