"""The comment is answered with these words."""

from __future__ import annotations

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.show import Followed
from release_tools.rehearsal.stage import Stage

MARK = "release-tools:reply-"


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """`wanted` in the newest answer."""
    answers = [one.body for one in stage.issue.comments if MARK in one.body]
    newest = answers[-1] if answers else ""
    found = next((line for line in newest.splitlines() if wanted in line), newest.split("\n")[0])
    return Followed(f"the answer says {wanted!r}", found, wanted in newest)
