"""Merges of the play's pull request, or of another open one that a part of its title names."""

from __future__ import annotations

from typing import Any

import pytest
from staged import files, message

from convergence.errors import UserError
from release_tools.rehearsal.deeds import Done, merge
from release_tools.sandbox import pulls
from release_tools.sandbox.errors import Refusal


def offered(stage: Any, title: str, branch: str) -> Any:
    stage.world.commit(stage.models, branch, {branch: ""}, stage.people["mona"], start="master")
    return pulls.open_pull(stage.world, stage.models, stage.people["mona"], title, branch, "master")


@pytest.mark.parametrize(("method", "parents"), [("squash", 1), ("merge", 2), ("rebase", 1)])
def test_the_plays_pull_request_is_merged(opened: Any, method: str, parents: int) -> None:
    offered(opened, "Require 1.2.3", "floor")
    done = merge.do(opened, "olga", merge.read({"method": method}))
    tip = opened.models.git.ref("refs/heads/master")
    assert len(opened.models.git.commit(tip).parents) == parents
    assert files(opened.models, "master") == {"README.md": "one\ntwo\n", "new.py": "1\n"}
    assert (opened.issue.state, opened.issue.pull.merge_commit_sha) == ("closed", tip)
    assert done == Done(does=f"merges #{opened.issue.number}, “New” ({method})")


def test_another_one_is_named_by_its_title(opened: Any) -> None:
    other = offered(opened, "Require 1.2.3", "floor")
    merge.do(opened, "olga", merge.read({"method": "squash", "title": "1.2.3"}))
    assert message(opened.models, "master").strip() == f"Require 1.2.3 (#{other.number})"
    assert (opened.issue.state, other.state) == ("open", "closed")


@pytest.mark.parametrize(("title", "found"), [("1.2.4", 0), ("Require", 2)])
def test_a_title_is_that_of_one_open_pull_request(opened: Any, title: str, found: int) -> None:
    for number in (2, 3):
        offered(opened, f"Require 1.2.{number}", f"floor-{number}")
    with pytest.raises(UserError, match=f"{found} open pull requests are called '{title}'"):
        merge.do(opened, "olga", merge.read({"method": "squash", "title": title}))


def test_what_conflicts_is_refused(opened: Any) -> None:
    opened.world.commit(opened.models, "master", {"new.py": "2\n"}, opened.people["olga"])
    with pytest.raises(Refusal, match="not mergeable"):
        merge.do(opened, "olga", merge.read({"method": "merge"}))
    assert opened.issue.state == "open"
