"""Step 3: `check-example` is green on the head; on any other commit it says nothing of this one."""

from __future__ import annotations

from release_tools.approvals import words
from release_tools.approvals.people import Case
from release_tools.approvals.rules import Before, done, waiting
from release_tools.approvals.steps import Actor, Evidence, Step, StepState
from release_tools.model import Check, CheckStatus, Conclusion

CHECK = "MOT example standards"
MAKER = "github-actions"  # of workflows; any other App's check of that name is not ours


def decide(case: Case, _: Before) -> StepState:
    """The latest check of ours on the head."""
    check = latest(case.facts.snapshot.checks, case.facts.head)
    if check is None:
        return waiting(Step.STANDARDS, words.STANDARDS_MISSING, Actor.MOT)
    evidence = Evidence(words.standards(check.title), sha=check.sha, url=check.url)
    if check.status != CheckStatus.COMPLETED.value:
        return waiting(Step.STANDARDS, words.STANDARDS_RUNNING, Actor.MOT)
    if check.conclusion != Conclusion.SUCCESS.value:
        return waiting(Step.STANDARDS, words.not_standards(check.title), Actor.CONTRIBUTOR)
    return done(Step.STANDARDS, evidence)


def latest(checks: tuple[Check, ...], head: str) -> Check | None:
    """The newest of ours: GitHub numbers them as they are made."""
    ours = [one for one in checks if (one.name, one.sha, one.app) == (CHECK, head, MAKER)]
    return max(ours, key=lambda one: one.id, default=None)
