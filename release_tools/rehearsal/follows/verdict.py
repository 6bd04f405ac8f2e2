"""The one comment on the request's state says this."""

from __future__ import annotations

from release_tools import markdown, report
from release_tools.model import marker
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed

MARK = marker(report.KEY)


def read(value: object) -> str:
    """A text."""
    return values.text(value)


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """`wanted` in its first line."""
    bodies = [one.body for one in stage.issue.comments if MARK in one.body]
    found = bodies[0].split("\n")[0] if len(bodies) == 1 else f"{len(bodies)} comments"
    passed = len(bodies) == 1 and wanted in found
    return Followed(f"the verdict's comment says {wanted!r}", markdown.words(found) or found, passed)
