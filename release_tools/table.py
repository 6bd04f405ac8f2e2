"""The result of a campaign as a person reads it in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from convergence.campaign import CampaignResult
from convergence.model import Claim, Kind, Outcome, Verdict

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
