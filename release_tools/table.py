"""The result of a campaign as a person reads it in a terminal."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from convergence.campaign import CampaignResult
from convergence.model import Claim, Kind, Outcome, Verdict
from release_tools import outcome

if TYPE_CHECKING:
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


NAME_WIDTH = 22  # of claims in the catalogue, so that its recipes' columns stand in line


def show(result: CampaignResult, console: Console | None = None) -> None:
    """Prints the claims with their numbers, the decision lines, and the outcome in one line."""
    console = console or Terminal()
    console.print(_numbers(result))
    console.print()
    for verdict in result.verdicts:
        console.print(Text(f"{_name(verdict.claim)}: {verdict.line}"), soft_wrap=True)
    console.print()
    console.print(_outcome(result), soft_wrap=True)


def show_catalogue(entries: Sequence[Entry], console: Console | None = None) -> None:
    """Prints the claims that there are, each below its recipe; a headline claim has a star."""
    console = console or Terminal()
    for _, group in itertools.groupby(entries, key=lambda entry: entry.recipe.id):
        claims = list(group)
        recipe = claims[0].recipe
        cost = f"  {recipe.tier}, {recipe.cost:g} {recipe.cost_unit} a run"
        console.print(Text(recipe.id, style="bold") + Text(cost, style="dim"), soft_wrap=True)
        table = _plain_table(("claim",), ("documented", "margin", "σ", "references", "runs"))
        table.columns[0].min_width = NAME_WIDTH
        for entry in claims:
            table.add_row(*_entry(entry))
        console.print(table)


def show_forecast(forecasts: Sequence[Forecast], workers: int, console: Console | None = None) -> None:
    """Prints what would be trained and about how long it would take."""
    console = console or Terminal()
    table = _plain_table(("would train",), ("expected runs", "cost"))
    for item in forecasts:
        cost = f"{item.cost:g} {item.recipe.cost_unit}"
        table.add_row(item.recipe.id, f"{item.runs:.2f}", cost)
    console.print(table)
    units = sorted({item.recipe.cost_unit for item in forecasts})
    total = "; ".join(f"{sum(i.cost for i in forecasts if i.recipe.cost_unit == u):.1f} {u}" for u in units)
    console.print(f"In all {total}, with {workers} trials at a time; nothing was trained.", soft_wrap=True)


def _entry(entry: Entry) -> tuple[str | Text, ...]:
    claim = entry.claim
    sigma = claim.sigma or (statistics.stdev(claim.references) if claim.references else None)
    return (
        Text(f"  {claim.name}" + (" *" if claim.headline else "")),
        number(claim, claim.target),
        _margin(claim),
        "–" if sigma is None else f"{sigma:.2g}",
        str(len(claim.references)),
        f"{entry.expected_runs:.1f}",
    )


def _numbers(result: CampaignResult) -> Table:
    """A row a claim below its technique's name; 80 columns are enough."""
    table = _plain_table(left=("claim",), right=("documented", "reproduced", "margin"))
    table.add_column("outcome", no_wrap=True)
    technique = ""
    for verdict in result.verdicts:
        if verdict.claim.technique != technique:
            technique = verdict.claim.technique
            table.add_row(Text(technique, style="bold"))
        table.add_row(*_row(verdict))
    return table


def _plain_table(left: Sequence[str], right: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in left:
        table.add_column(heading, no_wrap=True)
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _row(verdict: Verdict) -> tuple[str | Text, ...]:
    claim, mean = verdict.claim, verdict.evidence.mean
    return (
        Text(f"  {claim.name}"),
        number(claim, claim.target),
        "–" if mean is None else number(claim, mean),
        _margin(claim),
        Text(verdict.outcome.value.upper(), style=STYLES[verdict.outcome]),
    )


def _margin(claim: Claim) -> str:
    return number(claim, claim.margin) if claim.margin or claim.kind is not Kind.EXACT else "exact"


def number(claim: Claim, value: float) -> str:
    """A value of the claim's metric with as many digits as its unit deserves, as rich's markup."""
    if claim.unit == "bytes":
        text = f"{value:,.0f}"
    else:
        text = f"{value:.2f}" if claim.unit == "%" else f"{value:.4g}"
    return escape(f"{text} {claim.unit}".rstrip())


def _name(claim: Claim) -> str:
    return f"{claim.technique} {claim.name}"


def _outcome(result: CampaignResult) -> Text:
    worst = outcome.worst(verdict.outcome for verdict in result.verdicts)
    names = [_name(verdict.claim) for verdict in result.verdicts if verdict.outcome is worst]
    about = f"all {len(names)} claims" if len(names) == len(result.verdicts) else ", ".join(names)
    content = result.plan.content_digest[:12]
    tail = f"{len(result.trials)} trials, {result.seconds:.0f} s, TFMOT content {content}"
    return Text(f"{worst.value.upper()} — {about} ({tail})", style=STYLES[worst])
