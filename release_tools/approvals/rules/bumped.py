"""Step 6: the head requires the release as its minimum, and has the final approval, as a review of it."""

from __future__ import annotations

from release_tools.approvals import frame, reviews, words
from release_tools.approvals.facts import NOT_ITS_TURN, Published, Unknown
from release_tools.approvals.people import Case
from release_tools.approvals.reviews import Heard
from release_tools.approvals.rules import Before, blocked, done, missing, stale, waiting
from release_tools.approvals.rules.approved import later
from release_tools.approvals.rules.home import decision
from release_tools.approvals.steps import Actor, Evidence, Step, StepState
from release_tools.model import Role

ACTORS = {Role.MOT: Actor.MOT, Role.OFFICIAL: Actor.OFFICIAL}


def decide(case: Case, before: Before) -> StepState:
    """The minimum, then the review: of the bumped commit, so that no push ever makes this step done."""
    side = Role.MOT if decision(case)[0] == "fork" else Role.OFFICIAL
    heard = reviews.hear(case, side, exactly=True)
    if heard.objections:
        return blocked(Step.BUMPED, "; ".join(heard.objections), Actor.CONTRIBUTOR, later(heard))
    first, minimum = missing(before), case.facts.minimum
    if first is not None and minimum is NOT_ITS_TURN:
        return waiting(Step.BUMPED, words.own_turn(first), Actor.CONTRIBUTOR, _early(heard, first))
    if isinstance(minimum, Unknown) or not minimum.agrees:
        why = words.untold(minimum.why) if isinstance(minimum, Unknown) else words.not_bumped(minimum.line)
        found = case.facts.published
        line = frame.bump_line(found.version) if isinstance(found, Published) else ""
        return waiting(Step.BUMPED, why, Actor.CONTRIBUTOR, later(heard), line)
    declared = Evidence(minimum.line, sha=case.facts.head)
    if heard.approvals:
        return done(Step.BUMPED, declared, *heard.all)
    if heard.stale and side is Role.OFFICIAL:  # in the fork it may be the review of step 4 that is old
        why = words.but(words.no_final(side), words.STALE_APPROVAL)
        return stale(Step.BUMPED, why, ACTORS[side], (declared, *heard.others))
    return waiting(Step.BUMPED, words.no_final(side), ACTORS[side], (declared, *heard.others))


def _early(heard: Heard, first: Step) -> tuple[Evidence, ...]:
    """Only what has a chance to count: a stranger's review is no news here."""
    return later(heard, words.turn(first))
