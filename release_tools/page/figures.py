"""Which numbers of a campaign go into which chart, and the words beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from convergence.campaign import CampaignResult
from convergence.model import BASELINE, PERCENT, Claim, Kind, Verdict
from convergence.results import TrialResult
from release_tools.page import charts
from release_tools.page.runs import TFLITE, Deployment, Runs
from release_tools.table import number

FRACTIONS = ("accuracy", "integer_operators", "share", "sparsity")
SERIES = 9  # colours for recipes; a tenth shares the first's
SMALLEST_GAIN = 1.05  # below it a file is not worth calling smaller
JUDGED_ON_CURVES = {Kind.AT_LEAST, Kind.AT_MOST}


@dataclass(frozen=True)
class Level:
    """A line across a chart, for its legend."""

    style: str
    text: str


@dataclass(frozen=True)
class CurveFigure:
    """One recipe's learning curves: the chart (empty where no trial finished), its words and its legend."""

    name: str
    svg: str
    alt: str
    colour: str
    caption: str
    levels: tuple[Level, ...]
    failed: int


@dataclass(frozen=True)
class FileRow:
    """One deployed file: a mark in the chart, and a row of its legend."""

    name: str
    conversion: str
    colour: str
    shape: str
    accuracy: str
    size: str
    ratio: str


@dataclass(frozen=True)
class SizeFigure:
    """Accuracy against size: the chart and its legend, which is a table of the means."""

    svg: str
    alt: str
    rows: tuple[FileRow, ...]


@dataclass(frozen=True)
class Plot:
    """What goes into one recipe's chart of learning curves, whoever draws it.

    Attributes:
      title: of the value axis, with its unit.
      domain: ends of the value axis.
      verdict: whose documented value and pass line belong into it.
    """

    runs: Runs
    curves: charts.Curves
    title: str
    domain: tuple[float, float]
    verdict: Verdict | None


def plots(result: CampaignResult, groups: Sequence[Runs]) -> list[Plot]:
    """A plot a recipe that was trained; techniques have one value axis, what they start from another."""
    metric = _curve_metric(result, groups)
    verdicts = {runs.recipe.id: _level_verdict(result, runs, metric) for runs in groups}
    shown = [(runs, _curves(runs, metric, verdicts[runs.recipe.id])) for runs in groups if runs.trials]
    title = f"{words(metric)}, %" if is_fraction(metric) else words(metric)
    return [
        Plot(runs, curves, title, _domain(shown, runs, metric), verdicts[runs.recipe.id])
        for runs, curves in shown
    ]


def curve_figures(result: CampaignResult, groups: Sequence[Runs]) -> list[CurveFigure]:
    """The plots, drawn."""
    return [_curve_figure(groups, plot) for plot in plots(result, groups)]


def size_figure(groups: Sequence[Runs]) -> SizeFigure | None:
    """Every deployed file; None where none was measured."""
    found = [(runs, file) for runs in groups for file in runs.deployments]
    if not found:
        return None
    shape = _shapes(found)
    models = [
        charts.Model(
            colour(groups, runs),
            shape[file.conversion],
            tuple(size / 1e6 for size in file.sizes),
            tuple(PERCENT * accuracy for accuracy in file.accuracies),
        )
        for runs, file in found
    ]
    rows = file_rows(groups)
    svg = charts.accuracy_against_size(models, titles=("zipped TFLite file, MB", "accuracy, %"))
    told = "; ".join(f"{row.name} {row.conversion} {row.accuracy} at {row.size}" for row in rows)
    return SizeFigure(svg, f"Accuracy against the size of the zipped TFLite file: {told}.", rows)


def file_rows(groups: Sequence[Runs]) -> tuple[FileRow, ...]:
    """Every deployed file, with its mean accuracy and size."""
    found = [(runs, file) for runs in groups for file in runs.deployments]
    shape = _shapes(found)
    largest = max((file.size for _, file in found), default=0.0)
    return tuple(
        FileRow(
            label(groups, runs),
            file.conversion,
            colour(groups, runs),
            shape[file.conversion],
            f"{PERCENT * file.accuracy:.2f} %",
            f"{file.size / 1000:,.0f} KB",
            f"{largest / file.size:.1f}×" if largest > SMALLEST_GAIN * file.size else "–",
        )
        for runs, file in found
    )


def _shapes(found: Sequence[tuple[Runs, Deployment]]) -> dict[str, str]:
    conversions = dict.fromkeys(file.conversion for _, file in found)
    return {name: charts.SHAPES[i % len(charts.SHAPES)] for i, name in enumerate(conversions)}


def label(groups: Sequence[Runs], runs: Runs) -> str:
    """The technique, with the recipe's name where the campaign has several of it."""
    same = [other for other in groups if other.recipe.technique == runs.recipe.technique]
    return runs.recipe.technique if len(same) == 1 else f"{runs.recipe.technique} {runs.recipe.name}"


def colour(groups: Sequence[Runs], runs: Runs) -> str:
    """The CSS colour of a recipe: grey for what others start from, its own for each technique."""
    if not runs.recipe.claims:
        return "var(--series-0)"
    own = [other.recipe.id for other in groups if other.recipe.claims]
    return f"var(--series-{1 + own.index(runs.recipe.id) % SERIES})"


def is_fraction(metric: str, groups: Sequence[Runs] = ()) -> bool:
    """Whether a metric is a fraction that people read as a percentage: by its name, or as it is claimed."""
    claimed = {claim.metric for runs in groups for claim in runs.recipe.claims if claim.unit == "%"}
    return metric in claimed or any(word in metric for word in FRACTIONS)


def shown(claim: Claim, found: float) -> str:
    """A value as in the terminal's table, with a minus in place of the hyphen."""
    return number(claim, found).replace("-", "−")


def words(metric: str) -> str:
    """A metric's name as people say it."""
    return metric.replace(TFLITE, "TFLite_").replace("_", " ")


def _curve_figure(groups: Sequence[Runs], plot: Plot) -> CurveFigure:
    runs, curves = plot.runs, plot.curves
    levels = _legend(plot.verdict)
    name, seeds = label(groups, runs), _count(len(curves.lines), "seed")
    svg = charts.learning_curves(curves, colour=colour(groups, runs), title=plot.title, domain=plot.domain)
    told = [f"Learning curves of {name}: {seeds}, {curves.last_step} steps", *_ends(curves, plot.title)]
    return CurveFigure(
        name=name,
        svg=svg if curves.lines else "",
        alt="; ".join([*told, *(level.text for level in levels)]) + ".",
        colour=colour(groups, runs),
        caption=seeds,
        levels=levels if curves.lines else (),
        failed=len(runs.failed),
    )


def _domain(shown: Sequence[tuple[Runs, charts.Curves]], runs: Runs, metric: str) -> tuple[float, float]:
    """The value axis that a recipe shares with its kind: those with claims, or those without."""
    kind = [curves for other, curves in shown if bool(other.recipe.claims) == bool(runs.recipe.claims)]
    values = [value for curves in kind for value in curves.values]
    return charts.padded(values, PERCENT if is_fraction(metric) else None)


def _ends(curves: charts.Curves, title: str) -> list[str]:
    ends = [line[-1][1] for line in curves.lines if line]
    return [f"{title}, {min(ends):.4g} to {max(ends):.4g} at the end"] if ends else []


def _legend(verdict: Verdict | None) -> tuple[Level, ...]:
    if verdict is None:
        return ()
    claim, line = verdict.claim, verdict.evidence.pass_line
    judged = Level("diamond", words(claim.metric))
    documented = Level("solid", f"documented {shown(claim, claim.target)}")
    passing = [] if line is None else [Level("dashed", f"pass line {shown(claim, line)}")]
    return (judged, documented, *passing)


def _curves(runs: Runs, metric: str, verdict: Verdict | None) -> charts.Curves:
    scale = PERCENT if is_fraction(metric) else 1.0
    lines = tuple(line for run in runs.healthy if (line := _line(run, metric, scale)))
    if verdict is None:
        return charts.Curves(lines)
    finals = tuple(
        verdict.claim.value(run.measured) for run in runs.healthy if verdict.claim.metric in run.measured
    )
    return charts.Curves(lines, finals, verdict.claim.target, verdict.evidence.pass_line)


def _line(run: TrialResult, metric: str, scale: float) -> tuple[tuple[int, float], ...]:
    """The evaluations, behind that of the model which the run started from."""
    found = [(evaluation.step, evaluation.metrics.get(metric, math.nan)) for evaluation in run.curve]
    found.insert(0, (0, run.metrics.get(BASELINE + metric, math.nan)))
    return tuple((step, scale * value) for step, value in found if math.isfinite(value))


def _curve_metric(result: CampaignResult, groups: Sequence[Runs]) -> str:
    """What the curves show: the metric of the first headline claim that was evaluated while training."""
    evaluated = dict.fromkeys(
        name for runs in groups for run in runs.trials for point in run.curve for name in point.metrics
    )
    claims = sorted((v.claim for v in result.verdicts), key=lambda claim: not claim.headline)
    wanted = [name for claim in claims for name in evaluated if _is_of(claim.metric, name)]
    return next(iter([*wanted, *evaluated]), "accuracy")


def _level_verdict(result: CampaignResult, runs: Runs, metric: str) -> Verdict | None:
    """The verdict whose documented value and pass line belong on this recipe's curves."""
    fitting = [
        verdict
        for verdict in result.verdicts
        if (verdict.claim.technique, verdict.claim.recipe) == (runs.recipe.technique, runs.recipe.name)
        and verdict.claim.kind in JUDGED_ON_CURVES
        and _is_of(verdict.claim.metric, metric)
        and (verdict.claim.unit == "%") == is_fraction(metric)
    ]
    return next(iter(sorted(fitting, key=lambda verdict: not verdict.claim.headline)), None)


def _is_of(judged: str, evaluated: str) -> bool:
    """Whether a judged metric is the evaluated one, measured on the model itself or on its TFLite file."""
    return evaluated in {judged, judged.removeprefix(TFLITE).partition("_")[2]}


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count or 'no'} {noun}s"
