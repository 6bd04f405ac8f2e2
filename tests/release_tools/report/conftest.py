"""Reports of every state, all of the same invented campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from convergence import verdict
from convergence.campaign import CampaignResult
from convergence.model import Claim, Outcome
from convergence.results import ErrorKind, TrialError, TrialResult
from release_tools.plan import Commit, Hold, Plan
from release_tools.report import Report, State, judged
from release_tools.sandbox import campaigns

HEAD, NEXT = "1f0c" * 10, "9ab3" * 10
REPRODUCED, DIVERGED = campaigns.reproduced(), campaigns.diverged()
CLAIMS = tuple(REPRODUCED.result.plan.claims)
PLAN = Plan(
    request_id="5e0c2a6d1b7f4938",
    comment_id=2002,
    requested_by="maintainer",
    repository="tensorflow/model-optimization",
    pull_request=41,
    head_sha=HEAD,
    tfmot=Commit("tensorflow/model-optimization", HEAD),
    models=Commit("tensorflow/models", "77de" * 10),
    techniques=("pruning", "quantization"),
    tier="smoke",
    recipes=campaigns.RECIPES,
    looks=(1, 2, 3),
    seeds_extra=0,
    harness="5f0c3b6a9e7d41c2",
    costs={"CPU-minutes": 9.4},
)
RUN = "https://github.com/tensorflow/model-optimization/actions/runs/99"
PAGE = f"{RUN}/artifacts/5"


def rejudged(
    values: dict[str, list[float]], trials: tuple[TrialResult, ...], looks: tuple[int, ...] | None = None
) -> CampaignResult:
    """The campaign's result with other values of the claims named here."""
    found = REPRODUCED.result
    verdicts = tuple(
        verdict.judge(one.claim, values[one.claim.name], looks=looks) if one.claim.name in values else one
        for one in found.verdicts
    )
    return replace(found, verdicts=verdicts, trials=tuple(trial.digest for trial in trials))


def lost(result: CampaignResult, name: str, outcome: Outcome, line: str) -> CampaignResult:
    """The result with another outcome of one claim, without a mean."""
    verdicts = tuple(
        replace(one, outcome=outcome, line=line, evidence=replace(one.evidence, seeds=0, mean=None))
        if one.claim.name == name
        else one
        for one in result.verdicts
    )
    return replace(result, verdicts=verdicts)


def at_full_tier() -> Report:
    """All reproduced on GPUs; nothing is only proposed."""

    def accepted(claim: Claim) -> Claim:
        return replace(claim, status=CLAIMS[0].status)

    found = REPRODUCED.result
    result = replace(found, verdicts=tuple(replace(one, claim=accepted(one.claim)) for one in found.verdicts))
    trials = tuple(
        replace(trial, tier="full", device="GPU NVIDIA A100", seconds={"training": 39_000.0})
        for trial in REPRODUCED.trials
    )
    recipes = {
        name: replace(recipe, tier="full", claims=tuple(accepted(claim) for claim in recipe.claims))
        for name, recipe in campaigns.RECIPES.items()
    }
    plan = replace(PLAN, tier="full", recipes=recipes, costs={"GPU-hours": 96.0})
    return replace(judged(plan, HEAD, result, trials, attempt=2), run=RUN, page=PAGE)


def _reports() -> dict[str, Report]:
    trials = REPRODUCED.trials
    first_wave = tuple(trial for trial in trials if trial.seed == campaigns.SEEDS[0])
    failed = replace(trials[-1], metrics={}, curve=(), layers={})
    failed = replace(failed, error=TrialError(ErrorKind.INFRASTRUCTURE, "worker lost: exit status 137"))
    line = "INFRASTRUCTURE — seed 1003 infrastructure: worker lost: exit status 137"
    waiting = {"accuracy": [94.9], "accuracy gained": [-1.9]}
    return {
        "queued": Report(State.QUEUED, PLAN, HEAD),
        "held": Report(
            State.HELD,
            replace(PLAN, tier="full", costs={"GPU-hours": 344.0}, hold=(Hold.FORK, Hold.BUDGET)),
            HEAD,
            approvers=("tensorflow/mot-maintainers", "alice"),
        ),
        "building": Report(State.BUILDING, PLAN, HEAD),
        "training": Report(State.TRAINING, PLAN, HEAD, rejudged(waiting, first_wave), first_wave, wave=2),
        "unbuilt": Report(State.UNBUILT, PLAN, HEAD, reason="setup.py: invalid syntax (line 12)"),
        "reproduced": at_full_tier(),
        "reproduced-smoke": judged(PLAN, HEAD, REPRODUCED.result, trials),
        "not-reproduced": judged(PLAN, HEAD, DIVERGED.result, DIVERGED.trials),
        "inconclusive": judged(
            PLAN, HEAD, rejudged({"accuracy": [95.2, 95.2, 95.2]}, trials, (1, 2, 3)), trials
        ),
        "infrastructure": judged(
            PLAN,
            HEAD,
            lost(REPRODUCED.result, "ranges moved", Outcome.INFRASTRUCTURE, line),
            (*trials[:-1], failed),
        ),
        "cancelled": Report(State.CANCELLED, PLAN, HEAD, reason="by maintainer: the wrong branch"),
        "stale": replace(judged(PLAN, HEAD, DIVERGED.result, DIVERGED.trials), head=NEXT),
    }


REPORTS = _reports()


@pytest.fixture(params=list(REPORTS))
def named(request: pytest.FixtureRequest) -> tuple[str, Report]:
    """Each report with its name."""
    return request.param, REPORTS[request.param]


@pytest.fixture
def report() -> Callable[[str], Report]:
    """A report by its name."""

    def named(name: str) -> Report:
        return REPORTS[name]

    return named
