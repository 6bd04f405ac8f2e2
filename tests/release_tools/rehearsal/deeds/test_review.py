"""Reviews, each of the head as it is then."""

from __future__ import annotations

from typing import Any

import pytest

from release_tools.rehearsal.deeds import Done, review
from release_tools.sandbox.errors import Refusal


@pytest.mark.parametrize(
    ("event", "state", "verb"),
    [
        ("APPROVE", "APPROVED", "approves"),
        ("REQUEST_CHANGES", "CHANGES_REQUESTED", "requests changes"),
        ("COMMENT", "COMMENTED", "comments"),
    ],
)
def test_a_review_is_of_the_head(opened: Any, event: str, state: str, verb: str) -> None:
    done = review.do(opened, "olga", review.read({"event": event, "body": "Well."}))
    (given,) = opened.issue.pull.reviews
    assert (given.user.login, given.state, given.body) == ("olga", state, "Well.")
    assert given.commit_id == opened.head
    assert done == Done(says="Well.", does=f"{verb} #{opened.issue.number} at {opened.head[:12]}")


def test_nobody_approves_their_own(opened: Any) -> None:
    with pytest.raises(Refusal):
        review.do(opened, "carl", review.read({"event": "APPROVE"}))
    assert opened.issue.pull.reviews == []
