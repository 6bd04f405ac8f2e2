"""A branch that is brought up to date has both contents; what conflicts is told."""

from __future__ import annotations

from typing import Any

import pytest
from staged import files, message

from convergence.errors import UserError
from release_tools.rehearsal.deeds import update


def test_both_contents_are_there_and_the_pull_request_has_the_new_head(opened: Any) -> None:
    opened.world.commit(opened.models, "master", {"README.md": "2\n"}, opened.people["olga"])
    head, base = opened.head, opened.models.git.ref("refs/heads/master")
    update.do(opened, "carl", "Up to date")
    assert files(opened.own, "topic") == {"README.md": "2\n", "new.py": "1\n"}
    assert (message(opened.own, "topic").strip(), opened.head) == (
        "Up to date",
        opened.own.git.ref("refs/heads/topic"),
    )
    assert opened.own.git.commit(opened.head).parents == (head, base)


def test_a_conflict_is_told_and_nothing_is_pushed(opened: Any) -> None:
    opened.world.commit(opened.models, "master", {"new.py": "2\n"}, opened.people["olga"])
    head = opened.head
    with pytest.raises(UserError, match=r"t/models#\d+ conflicts with master"):
        update.do(opened, "carl", "Up to date")
    assert (opened.head, opened.own.git.ref("refs/heads/topic")) == (head, head)
