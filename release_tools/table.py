"""The result of a campaign as a person reads it in a terminal."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from convergence.campaign import CampaignResult
from convergence.model import Claim, Kind, Outcome, Verdict

if TYPE_CHECKING:
    from release_tools.catalogue import Entry, Forecast

STYLES = {
    Outcome.REPRODUCED: "bold green",
    Outcome.NOT_REPRODUCED: "bold red",
    Outcome.INCONCLUSIVE: "bold yellow",
    Outcome.INFRASTRUCTURE: "bold magenta",
    Outcome.CANCELLED: "dim",
}


def show(result: CampaignResult, console: Console | None = None) -> None:
    """Prints the claims with their numbers, the decision lines, and the outcome in one line."""
    console = console or Console()
    console.print(_numbers(result))
    for verdict in result.verdicts:
        console.print(Text(f"{_short(verdict.claim)}: {verdict.line}"), soft_wrap=True)
    console.print(_outcome(result))


def show_catalogue(entries: Sequence[Entry], console: Console | None = None) -> None:
    """Prints the claims that there are."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("claim", "tier"):
        table.add_column(heading)
    for heading in ("documented", "margin", "σ", "references", "runs", "cost"):
        table.add_column(heading, justify="right")
    for entry in entries:
        table.add_row(*_entry(entry))
    (console or Console()).print(table)


def show_forecast(forecasts: Sequence[Forecast], workers: int, console: Console | None = None) -> None:
    """Prints what would be trained and about how long it would take."""
    console = console or Console()
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("would train")
    table.add_column("starts from")
    table.add_column("expected runs", justify="right")
    table.add_column("cost", justify="right")
    for item in forecasts:
        cost = f"{item.cost:g} {item.recipe.cost_unit}"
        table.add_row(item.recipe.id, item.recipe.start or "–", f"{item.runs:.2f}", cost)
    console.print(table)
    units = sorted({item.recipe.cost_unit for item in forecasts})
    total = "; ".join(f"{sum(i.cost for i in forecasts if i.recipe.cost_unit == u):.1f} {u}" for u in units)
    console.print(f"In all {total}, with {workers} trials at a time; nothing was trained.", soft_wrap=True)


def _entry(entry: Entry) -> tuple[str, ...]:
    claim, recipe = entry.claim, entry.recipe
    sigma = claim.sigma or (statistics.stdev(claim.references) if claim.references else None)
    return (
        claim.id + (" *" if claim.headline else ""),
        recipe.tier,
        number(claim, claim.target),
        number(claim, claim.margin) if claim.margin or claim.kind is not Kind.EXACT else "exact",
        "–" if sigma is None else f"{sigma:.2g}",
        str(len(claim.references)),
        f"{entry.expected_runs:.1f}",
        f"{recipe.cost:g} {recipe.cost_unit}",
    )


def _numbers(result: CampaignResult) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading, justify in (
        ("claim", "left"),
        ("documented", "right"),
        ("reproduced", "right"),
        ("margin", "right"),
        ("seeds", "right"),
        ("outcome", "left"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for verdict in result.verdicts:
        table.add_row(*_row(verdict))
    return table


def _row(verdict: Verdict) -> tuple[str | Text, ...]:
    claim, mean = verdict.claim, verdict.evidence.mean
    return (
        _short(claim),
        number(claim, claim.target),
        "–" if mean is None else number(claim, mean),
        number(claim, claim.margin) if claim.margin or claim.kind is not Kind.EXACT else "exact",
        str(verdict.evidence.seeds),
        Text(verdict.outcome.value.upper(), style=STYLES[verdict.outcome]),
    )


def number(claim: Claim, value: float) -> str:
    """A value of the claim's metric with as many digits as its unit deserves."""
    text = (
        f"{value:,.0f}" if claim.unit == "bytes" else f"{value:.4g}" if abs(value) >= 100 else f"{value:.3f}"
    )
    return f"{text} {claim.unit}".rstrip()


def _short(claim: Claim) -> str:
    return f"{claim.technique} {claim.name}"


def _outcome(result: CampaignResult) -> Text:
    worst = [v for v in result.verdicts if v.outcome is not Outcome.REPRODUCED]
    plan = result.plan
    tail = f"{len(result.trials)} trials, {result.seconds:.0f} s, TFMOT content {plan.content_digest[:12]}"
    if not worst:
        return Text(
            f"REPRODUCED — all {len(result.verdicts)} claims ({tail})", style=STYLES[Outcome.REPRODUCED]
        )
    first = worst[0].outcome
    for outcome in (Outcome.NOT_REPRODUCED, Outcome.INFRASTRUCTURE, Outcome.INCONCLUSIVE):
        if any(v.outcome is outcome for v in worst):
            first = outcome
            break
    names = ", ".join(_short(v.claim) for v in worst)
    return Text(f"{first.value.upper()} — {names} ({tail})", style=STYLES[first])
