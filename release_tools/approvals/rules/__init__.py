"""How each step is decided: one file a step, pure functions of a case and of the steps before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from release_tools.approvals.steps import Actor, Evidence, Progress, Step, StepState

Before = Sequence[StepState]


def done(step: Step, *evidence: Evidence) -> StepState:
    """A step that rests on this."""
    return StepState(step, Progress.DONE, "", Actor.NOBODY, evidence)


def waiting(
    step: Step, why: str, actor: Actor, evidence: Iterable[Evidence] = (), line: str = ""
) -> StepState:
    """A step that somebody can move on, perhaps with a line."""
    return StepState(step, Progress.WAITING, why, actor, tuple(evidence), line)


def stale(step: Step, why: str, actor: Actor, evidence: Iterable[Evidence] = (), line: str = "") -> StepState:
    """A step that was done on another commit."""
    return StepState(step, Progress.STALE, why, actor, tuple(evidence), line)


def blocked(step: Step, why: str, actor: Actor, evidence: Iterable[Evidence] = ()) -> StepState:
    """A step that somebody has stopped."""
    return StepState(step, Progress.BLOCKED, why, actor, tuple(evidence))


def missing(before: Before) -> Step | None:
    """The first of the steps before that is not done."""
    return next((one.step for one in before if one.progress is not Progress.DONE), None)
