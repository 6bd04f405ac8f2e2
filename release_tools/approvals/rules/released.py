"""Step 5: a stable release of exactly the content that converged, with the technique in it."""

from __future__ import annotations

from release_tools.approvals import words
from release_tools.approvals.evidence import prove
from release_tools.approvals.facts import NOT_ITS_TURN, Unknown
from release_tools.approvals.people import Case
from release_tools.approvals.rules import Before, done, missing, waiting
from release_tools.approvals.steps import Actor, Evidence, Step, StepState


def decide(case: Case, before: Before) -> StepState:
    """What the index has."""
    first, found = missing(before), case.facts.published
    if first is not None and found is NOT_ITS_TURN:
        return waiting(Step.RELEASED, words.own_turn(first), Actor.RELEASE)
    if isinstance(found, Unknown):
        return waiting(Step.RELEASED, words.untold(found.why), Actor.RELEASE)
    if found is None:
        return waiting(Step.RELEASED, words.NOT_RELEASED, Actor.RELEASE)
    problem = ""
    if found.yanked:
        problem = words.yanked(found.version)
    elif found.content_digest != prove(case).content_digest:
        problem = words.other_content(found.version)
    elif found.missing:
        problem = words.missing(found.version, found.missing)
    if problem:
        evidence = Evidence(problem, url=found.url, counts=False)
        return waiting(Step.RELEASED, problem, Actor.RELEASE, [evidence])
    return done(Step.RELEASED, Evidence(words.released(found.version, found.content_digest), url=found.url))
