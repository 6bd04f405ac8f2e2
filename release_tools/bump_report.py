"""What a bump says: to people, to machines, in a commit and in a pull request. Pure text."""

from __future__ import annotations

import json
from typing import Any

import click

from release_tools.bump import Decision, Raised
from release_tools.refusal import Refusal


def summary(decision: Decision, *, done: bool) -> str:
    """For a terminal: a line a declaration, then the outcome."""
    if decision.refusals:
        return "\n".join([*map(_refusal, decision.refusals), _dim("nothing was changed")])
    rows = [(f"{item.path}:{item.line}", item) for item in (*decision.raised, *decision.unchanged)]
    width = max(len(place) for place, _ in rows)
    return "\n".join(
        [*(f"{place:<{width}}  {_move(item)}" for place, item in rows), _outcome(decision, done)]
    )


def diff(decision: Decision) -> str:
    """All changes as a patch, coloured on a terminal."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = "".join(change.diff for change in decision.changes).splitlines()
    return "\n".join(click.style(line, fg=colours.get(line[:1])) for line in lines)


def plain(decision: Decision) -> dict[str, Any]:
    """For machines."""
    outcome = "refused" if decision.refusals else "changed" if decision.changes else "unchanged"
    return {
        "outcome": outcome,
        "package": decision.package.name,
        "version": str(decision.version),
        "files": [str(change.path) for change in decision.changes],
        "raised": [_plain_raised(item) for item in decision.raised if not decision.refusals],
        "unchanged": [_plain_raised(item) for item in decision.unchanged],
        "refusals": [_plain_refusal(refusal) for refusal in decision.refusals],
    }


def as_json(found: dict[str, Any]) -> str:
    """JSON as every command writes it."""
    return json.dumps(found, indent=2, ensure_ascii=False)


def branch(decision: Decision) -> str:
    """The branch that holds the change; one for each package and version."""
    return f"bump-{decision.package.name}-{decision.version}"


def title(decision: Decision) -> str:
    """Of the commit and of the pull request."""
    return f"Require {decision.package.name}>={decision.version}"


def body(decision: Decision, evidence: tuple[str, ...] = ()) -> str:
    """Why, and what is changed: the rest of the commit's message, and the pull request's text."""
    moved = [
        f"- {item.path}:{item.line}: {_spec(item.before)} becomes {_spec(item.after)}"
        for item in decision.raised
    ]
    why = evidence or (f"The code needs what {decision.package.name} {decision.version} brings.",)
    promise = "Every version allowed before that is not below the new minimum stays allowed."
    return "\n".join([*why, "", *moved, "", promise, ""])


def _outcome(decision: Decision, done: bool) -> str:
    package, version = decision.package.name, decision.version
    if not decision.changes:
        return click.style(f"unchanged: {package} is at or above {version} already", fg="green")
    files = f"{len(decision.changes)} file{'s' if len(decision.changes) > 1 else ''}"
    said = f"changed {files}" if done else f"would change {files}"
    return click.style(f"{said}: the minimum of {package} is {version}", fg="green" if done else "yellow")


def _move(item: Raised) -> str:
    if item.before == item.after:
        return f"{_spec(item.before)} {_dim('stays')}"
    return f"{_spec(item.before)} → {click.style(_spec(item.after), bold=True)}"


def _spec(text: str) -> str:
    return " ".join(text.split()) or "any version"


def _refusal(refusal: Refusal) -> str:
    code, _, rest = str(refusal).partition(": ")
    return f"{click.style(code, fg='red', bold=True)}: {rest}"


def _plain_raised(item: Raised) -> dict[str, Any]:
    return {
        "path": str(item.path),
        "line": item.line,
        "requirement": item.shown,
        "before": item.before,
        "after": item.after,
    }


def _plain_refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.reason.code.value,
        "path": None if refusal.path is None else str(refusal.path),
        "line": refusal.line,
        "text": refusal.text,
        "what": refusal.reason.what,
        "works": refusal.reason.works,
    }


def _dim(text: str) -> str:
    return click.style(text, dim=True)
