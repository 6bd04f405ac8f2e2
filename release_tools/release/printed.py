"""A plan as its maintainer reads it, and the texts of a release on GitHub; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from release_tools import markdown
from release_tools.markdown import one_line, visible
from release_tools.release import notes as release_notes
from release_tools.release.nouns import GateResult, ReleasePlan

WIDTH = 14


def plan(planned: ReleasePlan) -> str:
    """The whole plan."""
    parts = (
        _head(planned),
        _gates(planned.gates),
        _lines("Look at", planned.findings),
        _block("Notes", planned.notes),
        _block("Release commit", _commit(planned)),
        _downstream(planned),
        _verdict(planned),
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def _head(planned: ReleasePlan) -> str:
    wheel = planned.wheel
    rows = {
        "release": f"TFMOT {planned.release}, tag {planned.tag}",
        "repository": f"{planned.repository}, {planned.branch} at {planned.base[:12]}",
        "since": f"{planned.since or 'the beginning'}, {_people(planned.credits)}",
        "commit": f"{planned.commit[:12]}, tree {planned.tree[:12]}" if planned.files else "landed already",
        "wheel": wheel.name,
        "content": f"{wheel.content_digest} (what converged must be this)",
        "sha256": wheel.sha256 + (" (as planned; what lands has another time)" if planned.files else ""),
        "requires": ", ".join(wheel.requires) or "nothing",
    }
    return "\n".join(f"{name:<{WIDTH}}{one_line(value)}" for name, value in rows.items())


def _people(credits_: Sequence[str]) -> str:
    return f"by {', '.join(credits_)}" if credits_ else "by nobody who is named"


def _gates(found: Sequence[GateResult]) -> str:
    return "Gates\n" + "\n".join(gate(one) for one in found)


def gate(one: GateResult) -> str:
    """What a gate says, on one line."""
    mark = "pass" if one.passed else "taken on" if one.overridden else "REFUSED"
    link = f" <{one_line(one.url)}>" if one.url else ""
    return f"  {mark:<8} {one.gate:<13} {one_line(_reason(one))}{link}"


def _reason(one: GateResult) -> str:
    return f"overridden by {one.overridden} (it says: {one.reason})" if one.overridden else one.reason


def _lines(title: str, lines: Sequence[str]) -> str:
    return f"{title}\n" + "\n".join(f"  {one_line(line)}" for line in lines) if lines else ""


def _block(title: str, text: str) -> str:
    shown = "\n".join(f"  | {visible(line.expandtabs())}".rstrip() for line in text.splitlines())
    return f"{title}\n{shown}" if text else ""


def _commit(planned: ReleasePlan) -> str:
    return f"{planned.message}\n{planned.diff}" if planned.files else ""


def _downstream(planned: ReleasePlan) -> str:
    lines = [
        f"{one.repository}: minimum {planned.release}, for {', '.join(one.techniques)}"
        for one in planned.bumps
    ]
    return _lines("Then a pull request that raises the minimum in", lines)


def _verdict(planned: ReleasePlan) -> str:
    """Once more, since the commit's diff above may be long."""
    refused = [f"{one.gate}: {one.reason}" for one in planned.refused_by]
    if refused:
        return _lines("Nothing was changed; release run will not go on as it is. Refused by", refused)
    return "Nothing was changed. All gates pass: release run makes this release."


def proposal(planned: ReleasePlan) -> str:
    """The text of the release pull request."""
    begins = (
        f"The release commit of TFMOT {planned.release}. Nothing is tagged or published before it has "
        f"landed on {markdown.code(planned.branch)}, by a merge or by an export."
    )
    facts = _facts(planned, planned.wheel.sha256, "")
    notes = markdown.details("Notes", _quoted(planned.notes))
    return f"{begins}\n\n{facts}\n{_table(planned.gates)}\n{notes}"


def announcement(planned: ReleasePlan, sha: str, sha256: str, gates: Sequence[GateResult]) -> str:
    """The text of the release on GitHub: notes, the wheel, and what was shown of it."""
    return f"{_quoted(planned.notes)}\n\n{_facts(planned, sha256, sha)}\n{_table(gates)}"


def _facts(planned: ReleasePlan, sha256: str, sha: str) -> str:
    rows = [("Wheel", markdown.code(planned.wheel.name))]
    if sha:
        rows += [("Commit", sha), ("sha256", markdown.code(sha256))]
    rows += [("Content", markdown.code(planned.wheel.content_digest))]
    return markdown.table(rows, ("What", "Which"))


def _table(gates: Sequence[GateResult]) -> str:
    rows = [
        (markdown.text(one.gate), _mark(one), markdown.text(_reason(one)), _link(one.url)) for one in gates
    ]
    return markdown.table(rows, ("Gate", "Says", "Evidence", "Where"))


def _mark(one: GateResult) -> str:
    return "passes" if one.passed else "**overridden**" if one.overridden else "**refuses**"


def _link(url: str) -> str:
    safe = url.startswith("https://") and not set(url) & set(" ()<>|\"'`\\")
    return f"[run]({url})" if safe else ""


def _quoted(notes: str) -> str:
    """Notes as they stand in the file, without calling the people that they name."""
    return release_notes.calm(notes)
