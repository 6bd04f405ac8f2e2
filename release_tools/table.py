"""The result of a campaign as a person reads it in a terminal."""

from __future__ import annotations

import itertools
import statistics
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from convergence.campaign import CampaignResult
from convergence.model import WITHOUT_STATISTICS, Claim, Kind, Outcome, Recipe, Verdict
from release_tools import outcome

if TYPE_CHECKING:
    from convergence.resolved import Experiment
    from release_tools.catalogue import Entry, Forecast

STYLES = {
    Outcome.REPRODUCED: "bold green",
    Outcome.NOT_REPRODUCED: "bold red",
    Outcome.INCONCLUSIVE: "bold yellow",
    Outcome.INFRASTRUCTURE: "bold magenta",
    Outcome.CANCELLED: "dim",
}


class Terminal(Console):
    """A console that leaves it to its caller what a closed pipe means; rich would end the process with 1."""

    def on_broken_pipe(self) -> None:
        """Raises what happened."""
        raise BrokenPipeError


NAME_WIDTH = 27  # of claims in the catalogue: with the widths of its numbers 80 columns at most
NUMBER_WIDTHS = (17, 15, 14, 6)
HEADINGS = ("claim", "documented", "reproduced", "margin", "outcome")
HEADLINE, DISPUTED = "*", "†"
UNKNOWN_COST = "cost not known"
MISSING = "  MISSING"


def show(result: CampaignResult, console: Console | None = None) -> None:
    """Prints the claims with their numbers, the decision lines, and the outcome in one line."""
    console = console or Terminal()
    for line in _numbers(result):
        console.print(line, soft_wrap=True)
    console.print()
    names = outcome.names(verdict.claim for verdict in result.verdicts)
    for verdict in result.verdicts:
        console.print(Text(f"{names[verdict.claim.id]}: {verdict.line}"), soft_wrap=True)
    console.print()
    console.print(_outcome(result), soft_wrap=True)


def show_catalogue(entries: Sequence[Entry], console: Console | None = None) -> None:
    """Prints the claims by technique and tier, each below its recipe, in 80 columns."""
    console = console or Terminal()
    for (technique, tier), group in itertools.groupby(
        entries, key=lambda e: (e.recipe.technique, e.recipe.tier)
    ):
        console.print(Text(_heading(f"{technique}, {tier} tier"), style="bold"), soft_wrap=True)
        for recipe, claims in itertools.groupby(group, key=lambda entry: entry.recipe):
            console.print(Text(f"  {recipe.name}") + Text(_cost(recipe), style="dim"), soft_wrap=True)
            if recipe.not_runnable:
                reason = textwrap.wrap(f"not runnable: {recipe.not_runnable}", console.width - 4)
                console.print(Text(textwrap.indent("\n".join(reason), "    "), style="yellow"))
            for entry in claims:
                console.print(Text(_entry(entry)), soft_wrap=True)
        console.print()
    console.print(Text(_summary(entries)), soft_wrap=True)


def show_experiments(experiments: Sequence[Experiment], console: Console | None = None) -> None:
    """Prints what Official Models would train, and what of it is on this machine."""
    console = console or Terminal()
    for one in experiments:
        console.print(Text(one.recipe, style="bold"), soft_wrap=True)
        lines = [
            ("experiment", f"{one.name}, registered by {one.module}"),
            ("steps", f"{one.steps:,} on {one.batch:,} examples each, evaluated every {one.interval:,}"),
            ("devices", f"{one.strategy}, {one.precision}"),
            *((need.kind, f"{need.path}{'' if need.there else MISSING}") for need in one.needs),
        ]
        for name, said in lines:
            style = "bold red" if said.endswith(MISSING) else ""
            console.print(Text(f"  {name:<15}{said}", style=style), soft_wrap=True)
    if experiments:
        console.print()


def show_forecast(forecasts: Sequence[Forecast], workers: int, console: Console | None = None) -> None:
    """Prints what would be trained and about how long it would take."""
    console = console or Terminal()
    console.print(Text(_forecast("would train", "runs", "expected cost"), style="bold"), soft_wrap=True)
    for item in forecasts:
        cost = f"{item.cost:g} {item.recipe.cost_unit}" if item.recipe.cost else UNKNOWN_COST
        console.print(Text(_forecast(item.recipe.id, f"{item.runs:.2f}", cost)), soft_wrap=True)
    units = sorted({item.recipe.cost_unit for item in forecasts})
    total = "; ".join(f"{sum(i.cost for i in forecasts if i.recipe.cost_unit == u):.1f} {u}" for u in units)
    unknown = sum(not item.recipe.cost for item in forecasts)
    total += f", and what nobody says of {unknown} recipe{'s' * (unknown != 1)}" * bool(unknown)
    console.print(f"In all {total}, with {workers} trials at a time; nothing was trained.", soft_wrap=True)


def _forecast(name: str, runs: str, cost: str) -> str:
    return f"{name:<53}{runs:>8}{cost:>18}"


def _entry(entry: Entry) -> str:
    claim = entry.claim
    marks = f" {HEADLINE}" * claim.headline + f" {DISPUTED}" * bool(claim.disputed)
    runs = "–" if entry.recipe.not_runnable else f"{entry.expected_runs:.1f}"
    numbers = (plain_number(claim, claim.target), _plain_margin(claim), _sigma(claim), runs)
    return _line(f"    {claim.name}{marks}", *numbers)


def _heading(name: str) -> str:
    """A name over the columns' headings, in a line of its own where it is too long."""
    columns = ("documented", "margin", "σ", "runs")
    if len(name) <= NAME_WIDTH:
        return _line(name, *columns)
    return f"{name}\n{_line('', *columns)}"


def _line(name: str, *numbers: str) -> str:
    cells = (f"{text:>{width}}" for text, width in zip(numbers, NUMBER_WIDTHS, strict=True))
    return f"{name:<{NAME_WIDTH}}{''.join(cells)}"


def _sigma(claim: Claim) -> str:
    """σ of one run, with how many runs or what it is from."""
    if claim.kind in WITHOUT_STATISTICS:
        return "–"
    if claim.references:
        return f"{statistics.stdev(claim.references):.2g} of {len(claim.references)}"
    return "unknown" if claim.sigma is None else f"{claim.sigma:.2g} read"


def _cost(recipe: Recipe) -> str:
    if recipe.not_runnable:
        return ""
    return f"  {recipe.cost:g} {recipe.cost_unit} a run" if recipe.cost else f"  {UNKNOWN_COST}"


def _summary(entries: Sequence[Entry]) -> str:
    """How many there are, and what the marks mean."""
    recipes = {entry.recipe.id: entry.recipe for entry in entries}
    not_here = sum(bool(recipe.not_runnable) for recipe in recipes.values())
    lines = [
        f"{len(entries)} claims of {len(recipes)} recipes" + f", {not_here} not runnable" * bool(not_here)
    ]
    if any(entry.claim.headline for entry in entries):
        lines.append(f"{HEADLINE} what the technique stands or falls with")
    if any(entry.claim.disputed for entry in entries):
        lines.append(f"{DISPUTED} disputed: release-tools claims show CLAIM says by what")
    if any(entry.claim.noise == "literature" for entry in entries):
        lines.append("read: σ is from the literature")
    return "\n".join(lines)


def _numbers(result: CampaignResult) -> Iterator[Text]:
    """A line a claim below its technique's name, and its recipe's where there are several."""
    rows = [_row(verdict) for verdict in result.verdicts]
    widths = [max(len(row[column]) for row in (HEADINGS, *rows)) for column in range(len(HEADINGS) - 1)]
    yield Text(_cells(HEADINGS, widths), style="bold")
    several = outcome.techniques_of_several_recipes(verdict.claim for verdict in result.verdicts)
    heading = ""
    for verdict, row in zip(result.verdicts, rows, strict=True):
        claim = verdict.claim
        wanted = f"{claim.technique} {claim.recipe}" if claim.technique in several else claim.technique
        if wanted != heading:
            heading = wanted
            yield Text(heading, style="bold")
        *numbers, found = row
        yield Text(_cells((*numbers, ""), widths)) + Text(found, style=STYLES[verdict.outcome])


def _cells(row: Sequence[str], widths: Sequence[int]) -> str:
    """The name at the left, numbers at the right, each as wide as its column; the last as it is."""
    name, *numbers = row[:-1]
    right = (f"{cell:>{width}}" for cell, width in zip(numbers, widths[1:], strict=True))
    return "  ".join([f"{name:<{widths[0]}}", *right, row[-1]])


def _row(verdict: Verdict) -> tuple[str, ...]:
    claim, mean = verdict.claim, verdict.evidence.mean
    return (
        f"  {claim.name}",
        plain_number(claim, claim.target),
        "–" if mean is None else plain_number(claim, mean),
        _plain_margin(claim),
        verdict.outcome.value.upper(),
    )


def _plain_margin(claim: Claim) -> str:
    return plain_number(claim, claim.margin) if claim.margin or claim.kind is not Kind.EXACT else "exact"


def number(claim: Claim, value: float) -> str:
    """A value of the claim's metric with as many digits as its unit deserves, as rich's markup."""
    return escape(plain_number(claim, value))


def plain_number(claim: Claim, value: float) -> str:
    """The same as it is."""
    if claim.unit == "bytes":
        text = f"{value:,.0f}"
    else:
        text = f"{value:.2f}" if claim.unit == "%" else f"{value:.4g}"
    return f"{text} {claim.unit}".rstrip()


def _outcome(result: CampaignResult) -> Text:
    worst = outcome.worst(verdict.outcome for verdict in result.verdicts)
    called = outcome.names(verdict.claim for verdict in result.verdicts)
    names = [called[verdict.claim.id] for verdict in result.verdicts if verdict.outcome is worst]
    about = f"all {len(names)} claims" if len(names) == len(result.verdicts) else ", ".join(names)
    content = result.plan.content_digest[:12]
    tail = f"{len(result.trials)} trials, {result.seconds:.0f} s, TFMOT content {content}"
    return Text(f"{worst.value.upper()} — {about} ({tail})", style=STYLES[worst])
