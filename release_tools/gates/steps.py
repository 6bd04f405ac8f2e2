"""Every technique in the policy has been approved: its steps are complete up to the fourth."""

from __future__ import annotations

from release_tools.approvals.steps import Step
from release_tools.gates import Facts, StepsFact, result
from release_tools.release.nouns import GateResult


def judge(facts: Facts) -> GateResult:
    """What nobody knows the state of is not approved."""
    if not facts.steps:
        return result(__name__, "the policy names no technique", passed=False)
    open_ = [one for one in facts.steps if not (one.state and one.state.complete_to(Step.APPROVED))]
    if open_:
        first = open_[0]
        more = f"; and so {', '.join(one.technique for one in open_[1:])}" if open_[1:] else ""
        return result(__name__, f"{_said(first)}{more}", passed=False, url=first.url)
    done = ", ".join(one.technique for one in facts.steps)
    return result(__name__, f"approved: {done}", passed=True, url=facts.steps[0].url)


def _said(fact: StepsFact) -> str:
    current = fact.state.current if fact.state else None
    if current is None:
        return f"{fact.technique}: no pull request of this technique is known"
    turn = f" ({current.next_actor.value}'s turn)"
    return f"{fact.technique}: step {current.step.number}, {current.step.value}: {current.why}{turn}"
