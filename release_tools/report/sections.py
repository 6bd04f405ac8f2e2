"""The sections of the comment, each a function from a report to Markdown; what fits is decided elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from convergence.model import Claim, Kind, Outcome, Status, Verdict
from release_tools import markdown, outcome
from release_tools.markdown import code, text
from release_tools.page import figures, grids
from release_tools.page.figures import shown
from release_tools.page.runs import Runs, group
from release_tools.report import mermaid, words
from release_tools.report.state import Report

CELL, NAME, LINE, TRIALS = 60, 2 * 60, 400, 20
CHARTS = 6
SIGNS = {
    Outcome.REPRODUCED: "✅",
    Outcome.NOT_REPRODUCED: "❌",
    Outcome.INCONCLUSIVE: "❔",
    Outcome.INFRASTRUCTURE: "🔌",
    Outcome.CANCELLED: "🚫",
}


@dataclass(frozen=True)
class Cut:
    """How much is shown; a comment has an end.

    Attributes:
      details: whether the details are.
      curves: whether the curves are.
      rows: the most rows of each table and list; None for all.
    """

    details: bool = True
    curves: bool = True
    rows: int | None = None

    def of(self, rows: Sequence[Sequence[str]]) -> tuple[Sequence[Sequence[str]], str]:
        """The rows to show, and a note of those that are not."""
        if self.rows is None or len(rows) <= self.rows:
            return rows, ""
        return rows[
            : self.rows
        ], f"\n*{len(rows) - self.rows} more rows are left out: a comment has an end.*\n"


def head(report: Report) -> str:
    """Outcome and whose turn it is in one line, then what that means."""
    sign = f"{words.STALE} " if report.stale else ""
    return (
        f"### {sign}{words.SIGNS[report.state]} {words.title(report)} — {words.turn(report)}\n\n"
        f"{words.meaning(report)}\n"
    )


def numbers(report: Report, cut: Cut) -> str:
    """Documented, claimed and reproduced numbers, then the decision lines."""
    found = {verdict.claim.id: verdict for verdict in report.verdicts}
    claims = [verdict.claim for verdict in report.verdicts] or report.claims
    proposed = any(claim.status is Status.PROPOSED for claim in claims)
    names = outcome.names(claims)
    rows = [_row(report, claim, names[claim.id], found.get(claim.id), proposed) for claim in claims]
    claimed = ("claimed",) if proposed else ()
    headers = ("claim (★ headline)", "documented", *claimed, "reproduced", "margin", "outcome")
    align = "l" + "r" * (len(headers) - 2) + "l"
    return _table(rows, headers, align, cut) + _lines(report, cut)


def _row(report: Report, claim: Claim, name: str, verdict: Verdict | None, proposed: bool) -> tuple[str, ...]:
    mean = verdict.evidence.mean if verdict else None
    target = text(shown(claim, claim.target))
    own = claim.status is Status.PROPOSED
    exact = claim.kind is Kind.EXACT and not claim.margin
    return (
        text(name, most=NAME) + (" ★" if claim.headline else ""),
        "–" if own else target,
        *((target if own else "–",) if proposed else ()),
        "–" if mean is None else f"**{text(shown(claim, mean))}**",
        "exact" if exact else text(shown(claim, claim.margin)),
        _outcome(report, verdict),
    )


def _open(report: Report, verdict: Verdict) -> bool:
    """Whether more runs are on their way, so that undecided is no outcome yet."""
    return not report.state.ended and verdict.outcome is Outcome.INCONCLUSIVE


def _outcome(report: Report, verdict: Verdict | None) -> str:
    if verdict is None:
        return "not judged" if report.state.ended else "… waiting"
    if _open(report, verdict):
        return "… undecided yet"
    return f"{SIGNS[verdict.outcome]} {verdict.outcome.value}"


def _lines(report: Report, cut: Cut) -> str:
    names = outcome.names(verdict.claim for verdict in report.verdicts)
    rows = [
        (f"- **{text(names[one.claim.id], most=NAME)}**: {_line(report, one)}\n",) for one in report.verdicts
    ]
    kept, note = cut.of(rows)
    return "".join(["\n", *(row for (row,) in kept), note]) if rows else ""


def _line(report: Report, verdict: Verdict) -> str:
    said = verdict.line.removeprefix("INCONCLUSIVE — ") if _open(report, verdict) else verdict.line
    return text(said, most=LINE)


def curves(report: Report) -> str:
    """A chart for each recipe with claims; what cannot be drawn is said."""
    if report.result is None:
        return ""
    groups = group(report.result, report.trials)
    plots = [plot for plot in figures.plots(report.result, groups) if plot.runs.recipe.claims]
    parts = [part for plot in plots[:CHARTS] if (part := _curve(groups, plot))]
    if len(plots) > CHARTS:
        parts.append(f"*Curves of {len(plots) - CHARTS} more recipes are in the full report.*\n")
    return "\n".join(["#### Learning curves\n", *parts]) if parts else ""


def _curve(groups: Sequence[Runs], plot: figures.Plot) -> str:
    name = f"**{text(figures.label(groups, plot.runs), most=CELL)}**"
    failed = f" · {len(plot.runs.failed)} failed" if plot.runs.failed else ""
    drawn = mermaid.chart(plot.curves, title=plot.title, domain=plot.domain)
    if drawn:
        return f"{name}: {drawn.lines}{failed}\n\n{drawn.fence}"
    ends = [line[-1][1] for line in plot.curves.lines if line]
    if not ends:
        return f"{name}: nothing was evaluated{failed}\n" if failed else ""
    mean = math.fsum(ends) / len(ends)
    return f"{name}: one evaluation only, {text(plot.title)} {mean:.4g} on average{failed}\n"


def deployment(report: Report, cut: Cut) -> str:
    """What the models are like, and the files that users would ship."""
    if report.result is None:
        return ""
    groups = [runs for runs in group(report.result, report.trials) if runs.trials]
    return _properties(groups, cut) + _files(groups, cut)


def _properties(groups: Sequence[Runs], cut: Cut) -> str:
    grid = grids.properties(groups)
    if not grid.rows:
        return ""
    rows = [(text(head, most=CELL), *map(text, cells)) for head, cells in grid.rows]
    headers = ("", *(text(column, most=CELL) for column in grid.columns))
    return "#### Properties\n\n" + _table(rows, headers, "l" + "r" * len(grid.columns), cut)


def _files(groups: Sequence[Runs], cut: Cut) -> str:
    rows = [
        (text(row.name, most=CELL), text(row.conversion, most=CELL), row.accuracy, row.size, row.ratio)
        for row in figures.file_rows(groups)
    ]
    if not rows:
        return ""
    headers = ("model", "TFLite file", "accuracy", "zipped", "smaller by")
    return "\n#### Deployed files\n\n" + _table(rows, headers, "llrrr", cut)


def details(report: Report, cut: Cut) -> str:
    """What one needs to know to make the same numbers again, collapsed; and what failed."""
    body = "".join(f"- {head}: {said}\n" for head, said in _facts(report) if said) + _failures(report, cut)
    return markdown.details("Details: commits, versions, cost, seeds", body)


def footer(report: Report) -> str:
    """Where the rest is, when the details do not fit."""
    said = f"Shortened to fit into a comment. Request {code(report.plan.request_id, most=CELL)}."
    return f"*{' '.join(part for part in (said, _links(report)) if part)}*\n"


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    plan = report.plan
    yield "Request", code(plan.request_id, most=CELL)
    yield "Asked for by", text(plan.requested_by, most=CELL)
    yield "Commit", code(plan.head_sha, most=CELL)
    yield "Tier", text(plan.tier, most=CELL)
    for name, commit in (("TFMOT", plan.tfmot), ("Official Models", plan.models)):
        yield name, f"{code(commit.repository, most=CELL)} at {code(commit.sha, most=CELL)}"
    yield "Attempt on this content", str(report.attempt)
    yield "Judged after", f"{', '.join(map(str, plan.looks))} runs"
    yield "Runs beyond those that decide", str(plan.seeds_extra or "")
    yield "Harness digest", code(plan.harness, most=CELL)
    yield "Estimated", words.costs(report)
    yield "Spent", _spent(report)
    yield from _found(report)
    yield "Links", _links(report)


def _found(report: Report) -> Iterator[tuple[str, str]]:
    if report.result is None:
        return
    plan = report.result.plan
    devices = sorted({trial.device for trial in report.trials if trial.device})
    yield "TFMOT content digest", code(plan.content_digest, most=CELL)
    yield "Seeds", _seeds(sorted({trial.seed for trial in report.trials}))
    yield "Devices", ", ".join(text(device, most=CELL) for device in devices[:6])
    yield (
        "Versions",
        ", ".join(code(f"{name} {version}", most=CELL) for name, version in plan.versions.items()),
    )
    yield "Workers lost", str(report.result.infrastructure_failures)


def _seeds(seeds: Sequence[int]) -> str:
    more = f" and {len(seeds) - TRIALS} more" if len(seeds) > TRIALS else ""
    return ", ".join(map(str, seeds[:TRIALS])) + more


def _spent(report: Report) -> str:
    seconds = {
        kind: math.fsum(
            spent
            for trial in report.trials
            if ("GPU" in trial.device.upper()) is (kind == "GPUs")
            for spent in trial.seconds.values()
        )
        for kind in ("GPUs", "CPUs")
    }
    parts = (
        [f"{words.digits(seconds['GPUs'] / 3600)} GPU-hours"]
        if seconds["GPUs"] or not seconds["CPUs"]
        else []
    )
    return ", ".join(parts + [f"{grids.duration(seconds['CPUs'])} on CPUs"] * bool(seconds["CPUs"]))


def _failures(report: Report, cut: Cut) -> str:
    rows = [
        (
            text(trial.technique, most=CELL),
            str(trial.seed),
            trial.error.kind.value,
            code(trial.error.message, most=200),
        )
        for trial in report.trials
        if trial.error is not None
    ]
    return (
        "\n**Trials that failed**\n\n" + _table(rows, ("technique", "seed", "how", "why"), "lrll", cut)
        if rows
        else ""
    )


def _links(report: Report) -> str:
    links = (_link("run", report.run), _link("full report", report.page))
    return " · ".join(link for link in links if link)


def _link(name: str, url: str) -> str:
    """A link to an address of the web; of anything else, nothing."""
    return f"[{name}](<{quote(url, safe=LINKABLE, errors='replace')}>)" if url.startswith("https://") else ""


LINKABLE = ":/?#@!$&'*+,;=%-._~"


def _table(rows: Sequence[Sequence[str]], headers: Sequence[str], align: str, cut: Cut) -> str:
    kept, note = cut.of(rows)
    return markdown.table(kept, headers, align) + note
