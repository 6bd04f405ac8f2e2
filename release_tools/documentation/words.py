"""What `claims check` says of claims and documents, in a terminal or as plain data."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from convergence.errors import one_line
from convergence.model import Claim
from release_tools.documentation.comparison import Change, Difference

STYLES = {Change.CHANGED: "bold yellow", Change.MISSING: "bold red", Change.NEW: "bold cyan"}
NEXT = {
    Change.CHANGED: "a changed number is a new promise: set target and quotation, or mend the document",
    Change.MISSING: "what is documented no more is promised no more: strike the claim, or mend its place",
    Change.NEW: "state a claim for a new number, or quote it beside the one that it belongs to",
}


def show(
    differences: Sequence[Difference],
    claims: Sequence[Claim],
    documents: Collection[str],
    checkout: Path,
    console: Console | None = None,
) -> None:
    """Prints the differences by document, and the outcome in one line with what to do about it."""
    console = console or Console()
    for path, group in itertools.groupby(differences, key=lambda one: one.path):
        console.print(Text(one_line(path), style="bold"), soft_wrap=True)
        for one in group:
            console.print(Text("  ") + _line(one), soft_wrap=True)
    quoting = [c for c in claims if any(statement.path in documents for statement in c.documented)]
    about = f"{_count(len(quoting), 'claim')} against {_count(len(documents), 'document')} of {checkout}"
    if not differences:
        console.print(Text(f"The same: {about}", style="bold green"), soft_wrap=True)
        return
    counted = Counter(one.change for one in differences)
    numbers = ", ".join(f"{counted[change]} {change.value}" for change in Change if counted[change])
    console.print(Text(f"Different: {numbers} ({about})", style="bold red"), soft_wrap=True)
    for change in Change:
        if counted[change]:
            console.print(Text(f"  {change.value}: {NEXT[change]}"), soft_wrap=True)


def plain(one: Difference) -> dict[str, Any]:
    """A difference as plain data for JSON."""
    return {
        "change": one.change.value,
        "path": one.path,
        "where": list(one.where),
        "quoted": one.quoted,
        "found": one.found,
        "claims": list(one.claims),
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _line(one: Difference) -> Text:
    where = " › ".join(one_line(part) for part in one.where if part)
    said = {
        Change.CHANGED: f"“{one_line(one.quoted)}” is now “{one_line(one.found)}”",
        Change.MISSING: f"“{one_line(one.quoted)}” is not there"
        + f": {one_line(one.found)}" * bool(one.found),
        Change.NEW: f"“{one_line(one.found)}”",
    }
    by = f" ({', '.join(one.claims)})" if one.claims else ""
    return Text(f"{one.change.value:<8}", style=STYLES[one.change]) + Text(
        f"{where}: " * bool(where) + said[one.change] + by
    )
