"""Gives, submits and dismisses reviews."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from release_tools.sandbox.answers import pulls as answers
from release_tools.sandbox.errors import Refusal
from release_tools.sandbox.nouns import Issue, Repository, Review, ReviewComment
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

HUNK = re.compile(
    r"^@@ -(?P<old>\d+)(?:,(?P<old_count>\d+))? \+(?P<new>\d+)(?:,(?P<new_count>\d+))? @@", re.MULTILINE
)
STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def give(
    world: World, repository: Repository, issue: Issue, by: Account, event: str, body: str, sha: str = ""
) -> Review:
    """A review of the pull request's head, or of another of its commits; without an event it is pending.

    Raises:
      Refusal: 422.
    """
    pull = answers.pull_of(issue)
    if sha and not repository.git.kind(sha):
        raise Refusal(422, "Unprocessable Entity", ["Commit does not exist."])
    if event in ("APPROVE", "REQUEST_CHANGES") and by is issue.user:
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise Refusal(422, "Unprocessable Entity", [f"Can not {verb} your own pull request"])
    review = Review(world.ids.next(), by, body, "PENDING", sha or pull.head_sha, None)
    pull.reviews.append(review)
    if event:
        submit(world, repository, issue, review, event, body)
    return review


def submit(world: World, repository: Repository, issue: Issue, review: Review, event: str, body: str) -> None:
    """Make a pending review known."""
    review.body, review.state, review.submitted_at = body, STATES[event], world.clock.stamp()
    issue.updated_at = review.submitted_at
    _emit(world, repository, issue, review, "submitted", review.user)


def dismiss(world: World, repository: Repository, issue: Issue, review: Review, by: Account) -> None:
    """Have a review count no longer."""
    review.state = "DISMISSED"
    issue.updated_at = world.clock.stamp()
    _emit(world, repository, issue, review, "dismissed", by)


def check(repository: Repository, issue: Issue, remarks: Iterable[Mapping[str, Any]]) -> None:
    """See whether all remarks of a review have their place: it is given with all of them, or not at all.

    Raises:
      Refusal: 422.
    """
    for said in remarks:
        _hunks(repository, issue, said)


def _hunks(repository: Repository, issue: Issue, said: Mapping[str, Any]) -> str:
    """The patch of the file that a remark is on, whose hunks must hold its lines."""
    found = answers.changes(repository.git, answers.pull_of(issue))
    patch = next((change.patch for change in found if change.path == said.get("path")), None)
    if patch is None:
        raise Refusal(422, "Unprocessable Entity", ["Path could not be resolved"])
    line, side = said.get("line"), said.get("side") or "RIGHT"
    if line is None:
        return patch
    spans = [_span(found, side) for found in HUNK.finditer(patch)]
    first = said.get("start_line") or line
    if not any(start <= first <= line < end for start, end in spans):
        raise Refusal(422, "Unprocessable Entity", ["Line could not be resolved"])
    return patch


def _span(hunk: re.Match[str], side: str) -> tuple[int, int]:
    start, count = hunk.group("new", "new_count") if side == "RIGHT" else hunk.group("old", "old_count")
    return int(start), int(start) + int(count or 1)


def remark(
    world: World, repository: Repository, issue: Issue, review: Review, said: Mapping[str, Any]
) -> ReviewComment:
    """A comment on a line, as part of a review.

    Raises:
      Refusal: 422 when the pull request does not touch the file, or shows its line nowhere.
    """
    pull = answers.pull_of(issue)
    path, patch = said.get("path", ""), _hunks(repository, issue, said)
    now = world.clock.stamp()
    line, side = said.get("line"), said.get("side") or "RIGHT"
    made = ReviewComment(
        world.ids.next(), review, review.user, said["body"], path, line, side, review.commit_id,
        patch, now, now, said.get("in_reply_to"),
    )  # fmt: skip
    pull.comments.append(made)
    return made


def _emit(
    world: World, repository: Repository, issue: Issue, review: Review, action: str, by: Account
) -> None:
    world.events.emit(
        "pull_request_review",
        repository,
        by,
        lambda: answers.review_event(world, repository, issue, review, action, by),
    )
