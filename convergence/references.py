"""Reference runs: the runs of a recipe on a released TFMOT that give σ, and a smoke claim its target."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from convergence import campaign, claims, content, records, workers
from convergence.campaign import Plan, State
from convergence.errors import UserError
from convergence.model import Recipe, References
from convergence.results import TrialResult


def gather(
    plan: Plan,
    chosen: Iterable[Recipe],
    count: int,
    store: Path,
    submit: workers.Submit,
    notify: campaign.Notify,
) -> dict[str, References]:
    """`count` runs of each chosen recipe, by recipe id; runs stored before are not run again.

    Raises:
      UserError: reference-run, when one failed: a reference is a healthy run.
    """
    wanted = {recipe.id for recipe in chosen}
    state = campaign.work(plan, store, submit, notify, lambda _, recipe: count if recipe.id in wanted else 0)
    return {name: _references(plan, state, plan.recipes[name], count) for name in sorted(wanted)}


def write(folder: Path, found: dict[str, References]) -> list[Path]:
    """Writes `references/<technique>.<recipe>.json` into a folder of claim files; the paths."""
    paths = []
    for name, references in found.items():
        paths.append(folder / "references" / f"{name.replace('/', '.')}.json")
        records.write(paths[-1], references)
    return paths


def _references(plan: Plan, state: State, recipe: Recipe, count: int) -> References:
    runs = [_healthy(run) for run in campaign.runs(plan, state, recipe)][:count]
    return References(
        command=f"make references COUNT={count}",
        recipe=claims.fingerprint(plan.recipes, recipe),
        content_digest=plan.content_digest,
        tfmot_version=content.version(),
        harness=plan.harness,
        versions=plan.versions,
        device=runs[0].device,
        seeds=tuple(run.seed for run in runs),
        metrics={name: tuple(run.measured[name] for run in runs) for name in sorted(runs[0].measured)},
    )


def _healthy(run: TrialResult) -> TrialResult:
    if run.error is not None:
        raise UserError("reference-run", f"seed {run.seed} {run.error.kind.value}: {run.error.message}")
    return run
