"""From what a job of the workflow knows to a report: which trials count, and what stayed undecided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from convergence.campaign import CampaignResult
from convergence.errors import UserError
from convergence.model import Outcome
from convergence.results import TrialResult
from release_tools import outcome
from release_tools.plan import Plan
from release_tools.report.state import Report, State

JUDGED = "judged"
STOPPED = {State.CANCELLED: Outcome.CANCELLED, State.INFRASTRUCTURE: Outcome.INFRASTRUCTURE}


def trials(result: CampaignResult | None, found: Mapping[str, TrialResult]) -> tuple[TrialResult, ...]:
    """The trials that a campaign rests on, and no others.

    Raises:
      UserError: no-trial.
    """
    if result is None:
        return ()
    for digest in result.trials:
        if found and digest not in found:
            raise UserError("no-trial", f"there is no result of trial {digest}", hint="give them: --scores")
    return tuple(found[digest] for digest in result.trials if digest in found)


def report(
    state: str,
    plan: Plan,
    head: str,
    result: CampaignResult | None,
    trials: tuple[TrialResult, ...],
    *,
    attempt: int = 1,
    wave: int = 1,
    reason: str = "",
    run: str = "",
    page: str = "",
) -> Report:
    """A request as it stands.

    Args:
      state: the name of a State, or `judged` for what the verdicts make together.

    Raises:
      UserError: no-campaign, other-campaign.
    """
    if result is not None and dict(result.plan.recipes) != dict(plan.recipes):
        raise UserError("other-campaign", "the campaign is of another plan")
    if state == JUDGED and result is None:
        raise UserError("no-campaign", "nothing was judged", hint="give it: --campaign")
    known = None if state == JUDGED else State[state.upper()]
    if result is not None and (known is None or known.ended):
        result = _ended(result, STOPPED.get(known) if known else None)
        known = State(outcome.worst(verdict.outcome for verdict in result.verdicts).value)
    assert known is not None
    return Report(known, plan, head, result, trials, attempt, wave, reason=reason, run=run, page=page)


def _ended(result: CampaignResult, instead: Outcome | None) -> CampaignResult:
    """The campaign as it stays; what was undecided when it was stopped says why nothing follows."""
    if instead is None:
        return result
    open_ = Outcome.INCONCLUSIVE
    verdicts = (replace(v, outcome=instead) if v.outcome is open_ else v for v in result.verdicts)
    return replace(result, verdicts=tuple(verdicts))
