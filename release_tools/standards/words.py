"""How a report reads: as a table in a terminal, and as a check on a commit."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from convergence.errors import one_line
from release_tools import markdown
from release_tools.model import CheckStatus, Conclusion, SetCheck
from release_tools.standards.nouns import Finding, Report, Standing
from release_tools.table import Terminal

CHECK = "MOT example standards"
MOST = 50  # findings in a check; the report has all
STYLES = {
    Standing.PASSED: "green",
    Standing.FAILED: "bold red",
    Standing.UNKNOWN: "bold yellow",
    Standing.SPARED: "dim",
}
CONCLUSIONS = {
    Standing.PASSED: Conclusion.SUCCESS,
    Standing.FAILED: Conclusion.FAILURE,
    Standing.UNKNOWN: Conclusion.NEUTRAL,
}


def show(report: Report, console: Console | None = None) -> None:
    """Prints every rule, every finding with how to mend it, and the outcome in one line."""
    console = console or Terminal()
    console.print(_rules(report))
    for one in report.findings:
        console.print()
        console.print(_finding(one), soft_wrap=True)
        console.print(Text(f"  {one_line(one.mend)}", style="dim"), soft_wrap=True)
    console.print()
    for note in report.notes:
        console.print(Text(f"note: {one_line(note)}", style="dim"), soft_wrap=True)
    console.print(Text(outcome(report), style=STYLES[report.standing]), soft_wrap=True)
    console.print(Text(_how(report), style="dim"), soft_wrap=True)


def outcome(report: Report) -> str:
    """The report in one line."""
    of = one_line(report.example) + (f" at {report.sha[:12]}" if report.sha else "")
    certain = sum(one.certain for one in report.findings)
    open_ = len(report.findings) - certain
    if report.standing is Standing.PASSED:
        return f"PASSED — {of}: nothing to mend"
    said = [_count(certain, "finding")] if certain else []
    said += [f"{open_} that cannot be told"] if open_ else []
    return f"{report.standing.value.upper()} — {of}: {', '.join(said) or 'no rule applies'}"


def check(report: Report, repository: str) -> SetCheck:
    """The check that says this on the commit which was examined."""
    return SetCheck(
        repository=repository,
        sha=report.sha,
        name=CHECK,
        external_id=f"standards:{report.sha}",
        status=CheckStatus.COMPLETED,
        title=outcome(report),
        summary="\n".join(_summary(report)),
        conclusion=CONCLUSIONS[report.standing],
    )


def _rules(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("rule", "", "about"):
        table.add_column(heading, no_wrap=heading != "about")
    for one in report.rules:
        count = sum(found.rule == one.rule for found in report.findings)
        said = one.standing.value + (f" ({count})" if count else "")
        about = one.about + (f" ({one.why})" if one.why else "")
        table.add_row(one.rule, Text(said, style=STYLES[one.standing]), Text(about))
    return table


def _finding(one: Finding) -> Text:
    text = Text(one_line(one.where), style="bold")
    text.append(f"  {one.rule}" + ("" if one.certain else ", cannot be told"), style="cyan")
    return text.append(f"  {one_line(one.what)}", style="not bold")


def _how(report: Report) -> str:
    read = f"{_count(report.modules, 'module')} read, {report.imported} imported with TFMOT blocked"
    return f"{read}, {report.isolation}" if report.imported else read


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _summary(report: Report) -> Iterator[str]:
    yield markdown.text(_how(report)) + "."
    rows = [
        (
            markdown.code(one.where, most=150),
            one.rule,
            markdown.text(one.what, most=300),
            markdown.text(one.mend, most=300),
        )
        for one in report.findings[:MOST]
    ]
    if rows:
        yield ""
        yield markdown.table(rows, ("where", "rule", "what", "how to mend it"))
    if len(report.findings) > MOST:
        yield f"{len(report.findings) - MOST} more are in the report."
    for note in report.notes:
        yield f"- {markdown.text(note, most=300)}"
