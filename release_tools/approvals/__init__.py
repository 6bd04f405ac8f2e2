"""Where a technique stands on its way to pip: seven steps, decided from facts; nothing here reads or acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, cast

from convergence import members
from convergence.model import Recipe
from release_tools.approvals.steps import Actor, Progress, Step, StepState, TechniqueState

if TYPE_CHECKING:
    from release_tools.approvals.facts import Facts
    from release_tools.approvals.people import Case
    from release_tools.approvals.rules import Before
    from release_tools.policy import Policy


class Rule(Protocol):
    """The contract of a file in `rules`, which is called as its step."""

    def decide(self, case: Case, before: Before) -> StepState:
        """How far the step is, given those before it."""


def decide(policy: Policy, recipes: Mapping[str, Recipe], facts: Facts) -> TechniqueState:
    """All seven steps. What cannot be told is never done, and no step from the fourth on before its turn.

    Args:
      recipes: the accepted ones.
    """
    from release_tools.approvals.people import Case

    case = Case(policy, recipes, facts)
    steps: list[StepState] = []
    for step in Step:
        steps.append(_in_turn(rule(step).decide(case, steps), steps))
    pull = facts.pull_request
    state = TechniqueState(facts.technique, pull.repository, pull.number, pull.head_sha, tuple(steps))
    return _closed(state) if pull.state != "open" and not pull.merged else state


def rule(step: Step) -> Rule:
    """The file of a step."""
    return cast(Rule, members.load(f"{__name__}.rules", step.name.lower()))


def _in_turn(state: StepState, before: list[StepState]) -> StepState:
    """Steps 1 to 3 come in any order; from the fourth on nothing is done before its turn, and says so."""
    from release_tools.approvals import rules, words

    first = rules.missing(before)
    if first is None or state.progress is not Progress.DONE or state.step.number < Step.APPROVED.number:
        return state
    early = tuple(
        replace(one, what=words.but(one.what, words.turn(first)), counts=False) if one.counts else one
        for one in state.evidence
    )
    return rules.waiting(state.step, words.own_turn(first), _actor(before), early)


def _actor(before: list[StepState]) -> Actor:
    return next(one.next_actor for one in before if one.progress is not Progress.DONE)


def _closed(state: TechniqueState) -> TechniqueState:
    """A closed pull request goes nowhere, except that it may have landed by other ways than a merge."""
    from release_tools.approvals import rules, words

    current = state.current
    if current is None or current.step is Step.LANDED:
        return state
    stopped = rules.blocked(current.step, words.CLOSED, Actor.CONTRIBUTOR, current.evidence)
    return replace(state, steps=tuple(stopped if one is current else one for one in state.steps))
