"""What a bump says: to people, to machines, in a commit and in a pull request. Pure text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from convergence.errors import one_line
from release_tools.bump import Decision, Raised
from release_tools.bump.refusal import Refusal

if TYPE_CHECKING:
    from release_tools.bump.api_floor import RealFloor
    from release_tools.bump.minimum import Outcome
    from release_tools.bump.remote import Contribution


def summary(decision: Decision, *, verb: str = "changed") -> str:
    """For a terminal: a line a declaration, then the outcome."""
    if decision.refusals:
        return "\n".join([*map(_refusal, decision.refusals), _dim("nothing was changed")])
    rows = [(one_line(f"{item.path}:{item.line}"), item) for item in (*decision.raised, *decision.unchanged)]
    width = max(len(place) for place, _ in rows)
    return "\n".join(
        [*(f"{place:<{width}}  {_move(item)}" for place, item in rows), _outcome(decision, verb)]
    )


def warnings(outcome: Outcome) -> list[str]:
    """What a person should know besides."""
    found = [f"{path} was put back: an earlier run was killed" for path in outcome.put_back]
    if outcome.verified:
        found += outcome.verified.warnings
    floor, decision = outcome.floor, outcome.decision
    if floor:
        found += [f"{name} imports with no release: {why}" for name, why in floor.broken]
        if decision and floor.least and decision.version < floor.least:
            found.append(f"{decision.version} is below what the code needs: {floor}")
    return found


def diff(decision: Decision, *, terminal: bool) -> str:
    """All changes as a patch; for a terminal coloured, and without what would move its cursor."""
    patch = "".join(change.diff for change in decision.changes)
    if not terminal:
        return patch
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return "".join(click.style(one_line(line), fg=colours.get(line[:1])) + "\n" for line in patch.split("\n"))


def plain(outcome: Outcome) -> dict[str, Any]:
    """For machines."""
    decision, floor, verified = outcome.decision, outcome.floor, outcome.verified
    found: dict[str, Any] = {"outcome": "reported"} if decision is None else _plain_decision(decision)
    if verified:
        found["verification"] = {"evidence": list(verified.evidence), "warnings": list(verified.warnings)}
    if floor:
        found["floor"] = _plain_floor(floor)
    if outcome.committed:
        found["commit"] = {"branch": outcome.committed.branch, "sha": outcome.committed.sha}
    return found


def as_json(outcome: Outcome, contribution: Contribution | None = None) -> str:
    """For machines, as text."""
    found = plain(outcome)
    if contribution:
        found["offered"] = {
            "state": contribution.state,
            "url": contribution.url,
            "effects": _described(contribution),
        }
    return json.dumps(found, indent=2, ensure_ascii=False)


def offered(contribution: Contribution) -> list[str]:
    """For a terminal: what became of it on GitHub, or would become."""
    if contribution.state:
        return [f"{contribution.state}: {contribution.url}"]
    return [f"would have a {line}" for line in _described(contribution)]


def _described(contribution: Contribution) -> list[str]:
    from release_tools.effects import describe

    return [describe(effect) for effect in contribution.effects]


def _plain_decision(decision: Decision) -> dict[str, Any]:
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


def _plain_floor(floor: RealFloor) -> dict[str, Any]:
    because = floor.because
    return {
        "line": str(floor),
        "declared": None if floor.declared is None else str(floor.declared),
        "needed": None if floor.needed is None else str(floor.needed),
        "because": because and {"symbol": because.symbol, "path": str(because.path), "line": because.line},
        "symbols": sorted({use.symbol for use in floor.uses}),
        "imports": None if floor.imports is None else str(floor.imports),
        "tensorflow": floor.tensorflow,
        "broken": dict(floor.broken),
    }


@dataclass(frozen=True)
class Proposal:
    """A change as it is proposed to a repository: the pull request's text is the commit's message."""

    branch: str
    title: str
    body: str


def proposal(decision: Decision, evidence: tuple[str, ...] = ()) -> Proposal:
    """The branch for this package and version, and why it is needed; the same for the same decision."""
    package, version = decision.package.name, decision.version
    moved = [
        f"- {item.path}:{item.line}: {_spec(item.before)} becomes {_spec(item.after)}"
        for item in decision.raised
    ]
    why = [f"- {line}" for line in evidence] or [f"The code needs what {package} {version} brings."]
    promise = "Every version allowed before that is not below the new minimum stays allowed."
    body = "\n".join([*why, "", *moved, "", promise, ""])
    return Proposal(f"bump-{package}-{version}", f"Require {package}>={version}", body)


def _outcome(decision: Decision, verb: str) -> str:
    package, version = decision.package.name, decision.version
    if not decision.changes:
        return click.style(f"unchanged: {package} is at or above {version} already", fg="green")
    files = f"{len(decision.changes)} file{'s' if len(decision.changes) > 1 else ''}"
    colour = "yellow" if verb == "would change" else "green"
    return click.style(f"{verb} {files}: the minimum of {package} is {version}", fg=colour)


def _move(item: Raised) -> str:
    if item.before == item.after:
        return f"{_spec(item.before)} {_dim('stays')}"
    return f"{_spec(item.before)} → {click.style(_spec(item.after), bold=True)}"


def _spec(text: str) -> str:
    return one_line(" ".join(text.split())) or "any version"


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
