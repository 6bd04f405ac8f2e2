"""Requests on a head, as its checks tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from release_tools import underway
from release_tools.model import Check, IssueComment, Person, PullRequest, Snapshot
from release_tools.plan import request_id

HEAD = "a" * 40
CARL = Person("carl", 7)
PULL = PullRequest(
    "o/r", 1, CARL, "", "", "open", False, "main", "b" * 40, "topic", HEAD, "o/r", (), "https://x/1"
)
SAID = IssueComment(5, CARL, "/converge", datetime(2026, 1, 1, tzinfo=UTC), "https://x/5")
CHECK = Check(1, underway.CHECK, HEAD, request_id(5, HEAD), "queued", "", "", app="github-actions")
SNAPSHOT = Snapshot(PULL, (SAID,))


@pytest.mark.parametrize(
    ("app", "login", "counts"),
    [
        ("github-actions", "github-actions[bot]", True),
        ("github-actions", "mot[bot]", True),
        ("mot", "MOT[bot]", True),
        ("another-app", "mot[bot]", False),
        ("another-app", "github-actions[bot]", False),
        ("", "mot[bot]", False),
    ],
)
def test_only_our_own_checks_are_requests(app: str, login: str, counts: bool) -> None:
    snapshot = replace(SNAPSHOT, checks=(replace(CHECK, app=app),))
    found = underway.requests(underway.only_ours(snapshot, login))
    assert [request.by for request in found] == ([CARL] if counts else [])
