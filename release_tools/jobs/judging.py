"""From a request's plan and scores to its verdicts, as often as one likes; believes no verdict of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convergence.errors import UserError
from convergence.model import BASELINE, Kind, Outcome, Verdict
from convergence.results import TrialResult
from release_tools import outcome
from release_tools.jobs import scores, waves
from release_tools.jobs.subject import Subject

if TYPE_CHECKING:
    from convergence import campaign

TOLD = "this metric is the training's own word"


@dataclass(frozen=True)
class Judged:
    """What a request came to so far.

    Attributes:
      decided: whether no further wave would bring anything.
    """

    campaign: campaign.CampaignResult
    decided: bool

    @property
    def outcome(self) -> Outcome:
        """The worst of the verdicts."""
        return outcome.worst(verdict.outcome for verdict in self.campaign.verdicts)


def standing(subject: Subject, results: Mapping[str, TrialResult]) -> waves.Standing:
    """Where a request stands, with results that were held against their trials.

    Raises:
      UserError: bad-artifact, extra-result.
    """
    found = waves.stand(subject, results)
    found.require_no_extras()
    for run in found.made:
        scores.require_of(run.chain, results)
    return found


def judge(subject: Subject, results: Mapping[str, TrialResult], wave: int) -> Judged:
    """The verdicts after a wave.

    Raises:
      UserError: bad-artifact, extra-result.
    """
    from convergence import campaign

    found = standing(subject, results)
    lost = waves.lost(found, wave)
    state = campaign.State(found.state.results | {one.digest: one for one in lost})
    verdicts = tuple(
        _whole(_marked(campaign.judge(found.plan, state, claim), state), lost) for claim in found.plan.claims
    )
    seconds = sum(sum(one.seconds.values()) for one in found.state.results.values())
    result = campaign.CampaignResult(
        plan=replace(found.plan, versions=_versions(found.state.results.values())),
        verdicts=verdicts,
        trials=tuple(sorted(found.state.results)),
        infrastructure_failures=len(lost),
        seconds=round(seconds, 1),
    )
    return Judged(result, decided=not found.missing)


def require_of_plan(result: campaign.CampaignResult, subject_plan: campaign.Plan) -> None:
    """Makes sure that a campaign is of this request.

    Raises:
      UserError: other-campaign.
    """
    if (
        replace(result.plan, versions={}) != subject_plan
        or [one.claim for one in result.verdicts] != subject_plan.claims
    ):
        hint = "give what converge-judge wrote for this plan"
        raise UserError("other-campaign", "the campaign is of another plan", hint=hint)


def _whole(verdict: Verdict, lost: Iterable[TrialResult]) -> Verdict:
    """The verdict; where a planned run is missing, no pass, whatever the others say."""
    claim = verdict.claim
    seeds = [one.seed for one in lost if (one.technique, one.recipe) == (claim.technique, claim.recipe)]
    if not seeds or verdict.outcome is not Outcome.REPRODUCED:
        return verdict
    line = f"INFRASTRUCTURE — seed {seeds[0]}: {waves.LOST}; of the others: {verdict.line}"
    return replace(verdict, outcome=Outcome.INFRASTRUCTURE, line=line)


def _versions(results: Iterable[TrialResult]) -> dict[str, str]:
    """What trained them, by library; several where machines differed."""
    found: dict[str, set[str]] = {}
    for result in results:
        for name, version in result.versions.items():
            found.setdefault(name, set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in sorted(found.items())}


def _marked(verdict: Verdict, state: campaign.State) -> Verdict:
    """The verdict, its line saying so where no file shows the metric."""
    claim = verdict.claim
    metrics = {claim.metric} | ({BASELINE + claim.baseline} if claim.kind is Kind.PAIRED else set())
    technique, recipe = claim.technique, claim.recipe
    told = any(
        metrics & set(one.told)
        for one in state.results.values()
        if (one.technique, one.recipe) == (technique, recipe)
    )
    return replace(verdict, line=f"{verdict.line}; {TOLD}") if told else verdict
