"""What is said first: the worst outcome, what it means, and who is next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convergence.model import Claim, Outcome
from release_tools import outcome
from release_tools.sandbox import campaigns

REPRODUCED = campaigns.reproduced()
DIVERGED = campaigns.diverged()


@pytest.mark.parametrize(
    ("found", "worst"),
    [
        ([Outcome.REPRODUCED, Outcome.REPRODUCED], Outcome.REPRODUCED),
        ([Outcome.REPRODUCED, Outcome.CANCELLED], Outcome.CANCELLED),
        ([Outcome.CANCELLED, Outcome.INCONCLUSIVE], Outcome.INCONCLUSIVE),
        ([Outcome.INCONCLUSIVE, Outcome.INFRASTRUCTURE], Outcome.INFRASTRUCTURE),
        ([Outcome.INFRASTRUCTURE, Outcome.NOT_REPRODUCED, Outcome.REPRODUCED], Outcome.NOT_REPRODUCED),
        ([], Outcome.INCONCLUSIVE),
    ],
)
def test_the_worst_outcome_leads(found: list[Outcome], worst: Outcome) -> None:
    assert outcome.worst(found) is worst


def test_all_reproduced_at_smoke_asks_for_the_full_tier() -> None:
    assert outcome.summarize(REPRODUCED.result) == outcome.Summary(
        Outcome.REPRODUCED,
        "All 4 claims are reproduced",
        (),
        "Every documented number holds within its margin on this content of TFMOT. "
        "Smoke claims show that the machinery works; a release rests on the full tier. "
        "Proposed claims are shown and never satisfy a gate.",
        "the author of the change runs the full tier.",
    )


CLAIM = REPRODUCED.result.verdicts[0].claim
OTHER = replace(CLAIM, recipe="other")


@pytest.mark.parametrize(
    ("claims", "names"),
    [
        ([], []),
        ([CLAIM, replace(CLAIM, name="size")], ["pruning accuracy", "pruning size"]),
        ([CLAIM, OTHER], [f"pruning {CLAIM.recipe} accuracy", "pruning other accuracy"]),
        ([CLAIM, OTHER, replace(OTHER, technique="q")], [..., ..., "q accuracy"]),
    ],
)
def test_claims_are_told_apart(claims: list[Claim], names: list[object]) -> None:
    found = outcome.names(claims)
    assert list(found) == [claim.id for claim in claims]
    assert all(name in (..., said) for said, name in zip(found.values(), names, strict=True))


def test_what_failed_is_named() -> None:
    summary = outcome.summarize(DIVERGED.result)
    assert summary.headline == "2 of 4 claims not reproduced"
    assert summary.claims == ("pruning accuracy", "pruning sparsity")
    assert summary.turn == "the author of the change mends it, or the documented number with its source."


def test_at_the_full_tier_the_maintainers_are_next() -> None:
    plan = REPRODUCED.result.plan
    full = {name: replace(recipe, tier="full") for name, recipe in plan.recipes.items()}
    summary = outcome.summarize(replace(REPRODUCED.result, plan=replace(plan, recipes=full)))
    assert summary.turn.startswith("the maintainers decide")
    assert "moke" not in summary.meaning


def test_a_campaign_without_claims_is_no_success() -> None:
    summary = outcome.summarize(replace(REPRODUCED.result, verdicts=()))
    assert (summary.outcome, summary.headline) == (Outcome.INCONCLUSIVE, "No claims were judged")


@pytest.mark.parametrize("found", list(Outcome))
def test_every_outcome_has_its_words(found: Outcome) -> None:
    verdicts = tuple(replace(verdict, outcome=found) for verdict in REPRODUCED.result.verdicts)
    summary = outcome.summarize(replace(REPRODUCED.result, verdicts=verdicts))
    assert summary.outcome is found
    assert all((summary.headline, summary.meaning, summary.turn))
