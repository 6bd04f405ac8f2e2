"""What the doctor says: in a terminal, worst first, and as JSON."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from convergence.errors import one_line
from release_tools.doctor import Health, Report, checks
from release_tools.doctor.findings import Finding, Severity, Untold

if TYPE_CHECKING:
    from rich.console import Console

    from release_tools.doctor.subject import Subject

PLACES = 5  # of one finding that are listed
STYLES = {Severity.BLOCKER: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
UNTOLD_STYLE = "magenta"
SCHEMA = 1
VERDICTS = {
    Health.CLEAN: "may be released",
    Health.BLOCKED: "may not be released",
    Health.UNTOLD: "is not known to be right",
}


def show(report: Report, subject: Subject, console: Console, *, notes: bool) -> None:
    """Prints a whole report.

    Args:
      notes: whether to print what is only good to know, and not just how much of it there is.
    """
    from rich.text import Text

    console.print(Text(headline(report), style="bold"), soft_wrap=True)
    console.print(Text(_about(subject), style="dim"), soft_wrap=True)
    for group in _groups(f for f in report.findings if notes or f.severity is not Severity.NOTE):
        finding = group[0]
        console.print()
        _print_group(console, finding.severity.value, STYLES[finding.severity], group)
    for item in report.could_not_tell:
        console.print()
        _print_group(console, "cannot tell", UNTOLD_STYLE, [item])
    console.print()
    for line in _tail(report, notes=notes):
        console.print(Text(line, style="dim"), soft_wrap=True)


def headline(report: Report) -> str:
    """The outcome in one line."""
    counts = Counter(finding.severity for finding in report.findings if not finding.accepted)
    said = [_count(counts[severity], severity.value) for severity in Severity if counts[severity]]
    accepted = sum(bool(item.accepted) for item in report.items)
    unknown = sum(not item.accepted for item in report.could_not_tell)
    if accepted:
        said.append(f"{accepted} accepted")
    if unknown:
        said.append(f"{unknown} could not be told")
    if report.left_out:
        said.append(f"{_count(len(report.left_out), 'check')} left out")
    verdict = VERDICTS[report.health]
    if report.health is Health.CLEAN and report.left_out:
        verdict += ", as far as was looked at"
    return f"{report.subject} {verdict}: {', '.join(said) or 'nothing found'}"


def lines(report: Report) -> Iterator[str]:
    """A line a group of findings, without notes: for many releases at once."""
    yield headline(report)
    worth = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    for key, group in itertools.groupby(worth, key=lambda f: (f.severity, f.check, bool(f.accepted))):
        severity, check, accepted = key
        whats = list(dict.fromkeys(finding.what for finding in group))
        more = f" (and {len(whats) - 1} more)" if len(whats) > 1 else ""
        mark = "accepted " if accepted else ""
        yield f"  {mark}{severity.value} {check}: {one_line(whats[0])}{more}"
    for item in report.could_not_tell:
        yield f"  cannot tell {item.check}: {one_line(item.what)}"


def catalogue() -> Iterator[str]:
    """What is right when a check finds nothing, a line a check."""
    found = checks.found()
    width = max(len(named.name) for named in found)
    for named in found:
        yield f"{named.name:<{width}}  {named.check.title}"


def as_json(reports: Sequence[Report]) -> str:
    """Reports for machines; each finding with the digest that an acceptance names."""
    records = [_record(report) for report in reports]
    return json.dumps({"schema_version": SCHEMA, "reports": records}, indent=2)


def _record(report: Report) -> dict[str, Any]:
    record = dataclasses.asdict(report)
    for name, items in (("findings", report.findings), ("could_not_tell", report.could_not_tell)):
        record[name] = [_item(item) for item in items]
    return record | {"clean": report.clean, "health": report.health.name.lower()}


def _item(item: Finding | Untold) -> dict[str, Any]:
    record = dataclasses.asdict(item) | {"digest": item.key[2]}
    if isinstance(item, Finding):
        record |= {"severity": item.severity.value, "blocks": item.blocks}
    return record


def _about(subject: Subject) -> str:
    parts = []
    if subject.tree:
        parts.append(f"tree {subject.tree.name} ({subject.tree.sha[:12]})")
    if subject.wheel:
        parts.append(f"wheel {subject.wheel.name} ({subject.wheel_from})")
    if subject.previous_version:
        parts.append(f"release before: {subject.previous_version}")
    return "; ".join(parts)


def _groups(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Findings that say the same of several places, together."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding.severity.value, finding.check, finding.what, finding.mend, finding.accepted)
        found.setdefault(key, []).append(finding)
    yield from found.values()


def _print_group(console: Console, mark: str, style: str, group: Sequence[Finding | Untold]) -> None:
    from rich.text import Text

    item = group[0]
    times = f" ({len(group)} places)" if len(group) > 1 else ""
    mark = f"accepted {mark}" if item.accepted else mark
    head = Text(mark.upper(), style="green" if item.accepted else style) + Text(
        f" {item.check}: {one_line(item.what)}{times}", style="not dim"
    )
    console.print(head, soft_wrap=True)
    for place in [one_line(found.where) for found in group[:PLACES]]:
        console.print(Text(f"  at   {place}"), soft_wrap=True)
    if len(group) > PLACES:
        console.print(Text(f"  and  {len(group) - PLACES} more; --json lists all"), soft_wrap=True)
    if item.mend:
        console.print(Text(f"  do   {one_line(item.mend)}"), soft_wrap=True)
    if item.accepted:
        console.print(Text(f"  for  {one_line(item.accepted)}", style="green"), soft_wrap=True)


def _tail(report: Report, *, notes: bool) -> Iterator[str]:
    """What was not shown, and what was not looked at."""
    hidden = Counter(f.check for f in report.findings if f.severity is Severity.NOTE)
    if hidden and not notes:
        counts = ", ".join(f"{number} by {check}" for check, number in sorted(hidden.items()))
        yield f"notes: {counts}; --notes shows them"
    if report.examined:
        yield f"checked: {', '.join(report.examined)}"
    for item in report.left_out:
        yield f"not checked: {item.check} (needs {item.lacks})"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"
