"""The HTML report of a campaign: one file, without scripts and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convergence import records
from convergence.campaign import CampaignResult
from convergence.model import PERCENT, Kind, Outcome, Recipe, Status, Verdict
from convergence.results import TrialResult
from convergence.trial import result_path
from release_tools import cache, outcome
from release_tools.page import figures, grids
from release_tools.page.runs import Runs, group

if TYPE_CHECKING:
    from jinja2 import Environment

NAME = "report.html"
TEMPLATE = "report.html.jinja"
SIGNS = {
    Outcome.REPRODUCED: "✓",
    Outcome.NOT_REPRODUCED: "✕",
    Outcome.INCONCLUSIVE: "?",
    Outcome.INFRASTRUCTURE: "!",
    Outcome.CANCELLED: "–",
}


@dataclass(frozen=True)
class ClaimRow:
    """A claim as the page shows it."""

    name: str
    headline: bool
    proposed: bool
    documented: str
    reproduced: str
    margin: str
    seeds: int
    outcome: str
    css: str
    sign: str
    line: str
    source: str
    measured: str


@dataclass(frozen=True)
class ClaimGroup:
    """The claims of one recipe."""

    technique: str
    recipe: str
    tier: str
    rows: tuple[ClaimRow, ...]


@dataclass(frozen=True)
class TrialRow:
    """A trial as the page shows it; `kind`, of its error, is empty for a healthy one."""

    name: str
    seed: int
    accuracy: str
    seconds: str
    digest: str
    kind: str
    error: str


def write(out: Path, result: CampaignResult) -> Path:
    """Writes `OUT/report.html` from a campaign and the trials stored in OUT, all of it or nothing; its path.

    Raises:
      UserError: not-a-record, not-writable.
    """
    cache.write(out / NAME, render(result, stored(out, result)).encode())
    return out / NAME


def stored(out: Path, result: CampaignResult) -> list[TrialResult]:
    """The campaign's trials that left a record; those whose worker was lost leave none."""
    paths = [result_path(out / "trials", digest) for digest in result.trials]
    return [records.read(path, TrialResult) for path in paths if path.exists()]


def render(result: CampaignResult, trials: Sequence[TrialResult]) -> str:
    """The page; equal input, equal text."""
    groups = group(result, trials)
    summary = outcome.summarize(result)
    return (
        environment()
        .get_template(TEMPLATE)
        .render(
            summary=summary,
            css=_css(summary.outcome),
            sign=SIGNS[summary.outcome],
            facts=_facts(result, trials),
            claims=[claims for runs in groups if (claims := claim_group(result, runs)).rows],
            failed=[row for row in _trials(groups) if row.kind],
            lost=len(result.trials) - len(trials),
            curves=figures.curve_figures(result, groups),
            size=figures.size_figure(groups),
            properties=grids.properties(groups),
            layers=[layers for runs in groups for layers in grids.layers(groups, runs)],
            trials=_trials(groups),
            cost=grids.cost(groups),
            provenance=_provenance(result, trials),
        )
    )


def environment() -> Environment:
    """Where the templates of pages are; what they are given is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("release_tools.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _facts(result: CampaignResult, trials: Sequence[TrialResult]) -> list[tuple[str, str]]:
    """The few figures that one looks for first."""
    held = sum(verdict.outcome is Outcome.REPRODUCED for verdict in result.verdicts)
    return [
        ("Claims reproduced", f"{held} of {len(result.verdicts)}"),
        ("Trials", str(len(result.trials))),
        ("Trained for", grids.duration(sum(sum(trial.seconds.values()) for trial in trials))),
        ("TFMOT content", result.plan.content_digest[:12]),
    ]


def claim_group(result: CampaignResult, runs: Runs) -> ClaimGroup:
    """The claims of a recipe, with what came out."""
    recipe = runs.recipe
    rows = tuple(_claim(verdict) for verdict in result.verdicts if _is_of(verdict, recipe))
    return ClaimGroup(recipe.technique, recipe.name, recipe.tier, rows)


def _is_of(verdict: Verdict, recipe: Recipe) -> bool:
    return (verdict.claim.technique, verdict.claim.recipe) == (recipe.technique, recipe.name)


def _claim(verdict: Verdict) -> ClaimRow:
    claim, mean = verdict.claim, verdict.evidence.mean
    exact = claim.kind is Kind.EXACT and not claim.margin
    return ClaimRow(
        name=claim.name,
        headline=claim.headline,
        proposed=claim.status is Status.PROPOSED,
        documented=figures.shown(claim, claim.target),
        reproduced="–" if mean is None else figures.shown(claim, mean),
        margin="exact" if exact else figures.shown(claim, claim.margin),
        seeds=verdict.evidence.seeds,
        outcome=verdict.outcome.value,
        css=_css(verdict.outcome),
        sign=SIGNS[verdict.outcome],
        line=verdict.line,
        source=claim.source,
        measured=claim.measured,
    )


def _css(found: Outcome) -> str:
    return found.value.replace(" ", "-")


def _trials(groups: Sequence[Runs]) -> list[TrialRow]:
    return [_trial(figures.label(groups, runs), trial) for runs in groups for trial in runs.trials]


def _trial(name: str, trial: TrialResult) -> TrialRow:
    accuracy = trial.metrics.get("accuracy")
    return TrialRow(
        name=name,
        seed=trial.seed,
        accuracy="–" if accuracy is None else grids.value("accuracy", accuracy),
        seconds=f"{sum(trial.seconds.values()):.1f} s",
        digest=trial.digest,
        kind="" if trial.error is None else trial.error.kind.value,
        error="" if trial.error is None else trial.error.message,
    )


def _provenance(result: CampaignResult, trials: Sequence[TrialResult]) -> list[tuple[str, str]]:
    """What one needs to know to make the same numbers again."""
    plan = result.plan
    seeds = sorted({trial.seed for trial in trials})
    looks = "after each run" if plan.looks is None else ", ".join(map(str, plan.looks)) + " runs"
    return [
        ("TFMOT content digest", plan.content_digest),
        ("Harness digest", plan.harness),
        *((f"Version of {name}", version) for name, version in plan.versions.items()),
        ("Device", ", ".join(sorted({trial.device for trial in trials if trial.device})) or "–"),
        ("Threads a trial", ", ".join(map(str, sorted({trial.threads for trial in trials}))) or "–"),
        ("Seeds follow from", plan.seeds_from),
        ("Seeds", ", ".join(map(str, seeds)) or "–"),
        ("Looks", looks),
        ("False pass of a claim, α", f"≤ {PERCENT * plan.alpha:.2g} %"),
        ("False fail of any claim, β", f"≤ {PERCENT * plan.beta:.2g} %, shared by {plan.judged_together}"),
        ("Wall time of this campaign", grids.duration(result.seconds)),
        ("Workers lost", str(result.infrastructure_failures)),
    ]
