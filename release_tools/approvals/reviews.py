"""Reviews as approvals: of everybody the latest that decides counts, and it belongs to a commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from release_tools.approvals import words
from release_tools.approvals.facts import Likeness
from release_tools.approvals.people import Case
from release_tools.approvals.steps import Evidence
from release_tools.model import Review, ReviewState, Role

DECIDING = (ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED)
CARRIED = {Likeness.SAME: words.SAME_DIFF, Likeness.BUMPED: words.SAME_BUT_MINIMUM}


@dataclass(frozen=True)
class Heard:
    """What was said for a role.

    Attributes:
      approvals: that count on the head.
      objections: why the step is stopped; one line each.
      stale: whether something else was approved before a push.
      others: what does not count, with the reason.
    """

    approvals: tuple[Evidence, ...] = ()
    objections: tuple[str, ...] = ()
    stale: bool = False
    others: tuple[Evidence, ...] = ()

    @property
    def all(self) -> tuple[Evidence, ...]:
        """What counts first."""
        return (*self.approvals, *self.others)


def hear(case: Case, role: Role, *, after: datetime | None = None, exactly: bool = False) -> Heard:
    """What those who speak for the role say in reviews.

    Args:
      after: approvals that were not given later than this do not count.
      exactly: whether an approval carries over only where the whole diff is the same; as it is for the last
        step with reviews, those that were heard for another role before are no news here.
    """
    approvals: list[Evidence] = []
    others: list[Evidence] = []
    objections: list[str] = []
    stale = False
    for review in latest(case.facts.snapshot.reviews):
        voice = case.voice(review.author, role)
        if review.state is ReviewState.CHANGES_REQUESTED:
            if voice.speaks:
                objections.append(words.asks_for_changes(role, review.author.login))
            elif voice.speaks is None:
                objections.append(words.perhaps_asks_for_changes(review.author.login, voice.why))
            continue
        evidence = _evidence(review, words.approved(role))
        if not voice.speaks:
            if review.state is ReviewState.APPROVED and not (exactly and voice.other):
                others.append(without(replace(evidence, what=words.APPROVAL), voice.why))
        elif review.state is ReviewState.DISMISSED:
            others.append(without(evidence, words.DISMISSED))
        else:
            counted, old = on_head(case, evidence, exactly=exactly)
            stale = stale or old
            if counted.counts and after is not None and review.submitted_at <= after:
                counted = without(counted, words.BEFORE_RECORD)
            (approvals if counted.counts else others).append(counted)
    return Heard(tuple(approvals), tuple(objections), stale, tuple(others))


def latest(reviews: Iterable[Review]) -> list[Review]:
    """Of everybody the last review that decides something, in order."""
    last: dict[int, Review] = {}
    for review in sorted(reviews, key=_order):
        if review.state in DECIDING:
            last[review.author.id] = review
    return sorted(last.values(), key=_order)


def on_head(case: Case, evidence: Evidence, *, exactly: bool = False) -> tuple[Evidence, bool]:
    """An approval as it counts on the head, and whether a push has made it stale."""
    if not evidence.sha:
        return without(evidence, words.COMMIT_GONE), True
    if evidence.sha == case.facts.head:
        return evidence, False
    alike = case.facts.compared(evidence.sha)
    if alike is None:
        return without(evidence, words.UNCOMPARED), True
    if alike is Likeness.OTHER:
        return without(evidence, words.CHANGED), True
    if exactly and alike is not Likeness.SAME:
        return without(evidence, words.NOT_FINAL), False
    return replace(evidence, what=words.but(evidence.what, CARRIED[alike])), False


def without(evidence: Evidence, why: str) -> Evidence:
    """Something that does not count, and why."""
    return replace(evidence, what=words.but(evidence.what, why), counts=False)


def _order(review: Review) -> tuple[datetime, int]:
    return review.submitted_at, review.id


def _evidence(review: Review, what: str) -> Evidence:
    return Evidence(what, review.author.login, review.submitted_at, review.sha, review.url)
