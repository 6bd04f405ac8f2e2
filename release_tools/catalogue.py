"""The claim files as a person asks about them: listed, shown whole, checked."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convergence import claims, verdict
from convergence.errors import UserError
from convergence.model import Claim, Kind, Outcome, Recipe

if TYPE_CHECKING:
    from convergence.resolved import Experiment

MEAN_TOLERANCE = 5e-3  # relative to the margin's unit: targets are written with a digit less than they have


@dataclass(frozen=True)
class Entry:
    """A claim with how it is trained and how many runs it is expected to take if it holds."""

    recipe: Recipe
    claim: Claim
    expected_runs: float


def entries(folder: Path | None, tier: str | None) -> list[Entry]:
    """Every claim of the folder (our own by default) and tier (all by default).

    Raises:
      UserError: claim-file, unknown-tier, and those of `verdict.expected_runs`.
    """
    if tier is not None and tier not in claims.TIERS:
        raise UserError("unknown-tier", f'no tier "{tier}"', hint=f"known: {', '.join(claims.TIERS)}")
    recipes = [r for r in claims.load(folder or claims.FOLDER).values() if tier in (None, r.tier)]
    return [Entry(recipe, claim, _runs([recipe], claim)) for recipe in recipes for claim in recipe.claims]


@dataclass(frozen=True)
class Forecast:
    """What a campaign is expected to train of one recipe if all claims hold: mean runs, and their cost."""

    recipe: Recipe
    runs: float
    cost: float


def forecast(folder: Path | None, techniques: Sequence[str], tier: str) -> list[Forecast]:
    """What `converge` is expected to train; a shared start as often as the technique that needs it most.

    Raises:
      UserError: those of `claims.select` and `verdict.expected_runs`.
    """
    everything = claims.load(folder or claims.FOLDER)
    return expected(everything, claims.select(everything, techniques, tier))


def expected(
    everything: Mapping[str, Recipe],
    chosen: Sequence[Recipe],
    looks: Sequence[int] | None = None,
    extra: int = 0,
) -> list[Forecast]:
    """What a campaign on the chosen recipes is expected to train, with so many extra runs of each.

    Raises:
      UserError: those of `verdict.expected_runs`.
    """
    runs: dict[str, float] = {}
    for recipe in chosen:
        needed = extra + max(_runs(chosen, claim, looks) for claim in recipe.claims)
        for link in claims.closure(everything, [recipe]):
            runs[link.id] = max(needed, runs.get(link.id, 0.0))
    return [
        Forecast(recipe, runs[recipe.id], round(runs[recipe.id] * recipe.cost, 1))
        for recipe in claims.closure(everything, chosen)
    ]


def plain_forecasts(items: Sequence[Forecast], experiments: Sequence[Experiment]) -> list[dict[str, Any]]:
    """Forecasts as plain data for JSON, each with its experiment where that was resolved."""
    resolved = {one.recipe: asdict(one) for one in experiments}
    return [
        plain_forecast(item) | ({"experiment": found} if (found := resolved.get(item.recipe.id)) else {})
        for item in items
    ]


def plain_forecast(item: Forecast) -> dict[str, Any]:
    """A forecast as plain data for JSON."""
    return {
        "recipe": item.recipe.id,
        "runs": item.runs,
        "cost": item.cost,
        "cost_unit": item.recipe.cost_unit,
    }


def narrowed(known: Sequence[Entry], names: Sequence[str]) -> list[Entry]:
    """The entries of those techniques, or of single recipes as `technique/recipe`; all, where none is named.

    Raises:
      UserError: unknown-technique.
    """
    for name in names:
        if not any(name in (entry.recipe.technique, entry.recipe.id) for entry in known):
            techniques = dict.fromkeys(entry.recipe.technique for entry in known)
            what = f'no technique or recipe "{name}" has such claims'
            raise UserError("unknown-technique", what, hint=f"known: {', '.join(techniques)}")
    return [one for one in known if not names or not {one.recipe.technique, one.recipe.id}.isdisjoint(names)]


def find(known: Sequence[Entry], claim_id: str) -> Entry:
    """The entry with that claim id.

    Raises:
      UserError: unknown-claim.
    """
    for entry in known:
        if entry.claim.id == claim_id:
            return entry
    hint = f"known: {', '.join(entry.claim.id for entry in known)}"
    raise UserError("unknown-claim", f'no claim "{claim_id}"', hint=hint)


def check(folder: Path | None) -> list[Entry]:
    """All entries, if each target that rests on references is their mean, or what is exact holds in each.

    Raises:
      UserError: claim-target, and those of `entries`.
    """
    known = entries(folder, None)
    for claim in (entry.claim for entry in known if entry.claim.references):
        if what := _differs_from_references(claim):
            raise UserError(
                "claim-target", what, where=claim.id, hint="run make references, or mend the target"
            )
    return known


def _differs_from_references(claim: Claim) -> str:
    if claim.kind is Kind.EXACT:
        held = verdict.judge(claim, claim.references)
        return "" if held.outcome is Outcome.REPRODUCED else f"its references do not hold it: {held.line}"
    mean = statistics.mean(claim.references)
    same = math.isclose(claim.target, mean, abs_tol=MEAN_TOLERANCE * claim.margin)
    return "" if same else f"the target {claim.target} is not the mean of its references, {mean:.4f}"


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as plain data for JSON."""
    from pydantic import TypeAdapter

    recipe = TypeAdapter(Recipe).dump_python(entry.recipe, mode="json", exclude={"claims"})
    claim = TypeAdapter(Claim).dump_python(entry.claim, mode="json")
    return {
        "id": entry.claim.id,
        "claim": claim,
        "noise": entry.claim.noise,
        "recipe": recipe,
        "expected_runs": entry.expected_runs,
    }


def _runs(recipes: Sequence[Recipe], claim: Claim, looks: Sequence[int] | None = None) -> float:
    """Expected runs of a claim that is judged together with all claims of those recipes."""
    judged = verdict.judged_together(other for recipe in recipes for other in recipe.claims)
    return round(verdict.expected_runs(claim, looks=looks, claims_judged=judged), 2)
