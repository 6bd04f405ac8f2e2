"""The pull request has this label of ours, and no other: the step it is at."""

from __future__ import annotations

from release_tools.policy import Labels
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed

PREFIX = Labels().prefix


def read(value: object) -> str:
    """A text, which may be empty."""
    return values.read(str, value)


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """`wanted` without its prefix; empty for none."""
    found = [one.name.removeprefix(PREFIX) for one in stage.issue.labels if one.name.startswith(PREFIX)]
    expected = f"the label is “{PREFIX}{wanted}”" if wanted else "no step's label is left"
    return Followed(expected, ", ".join(found) or "none", found == ([wanted] if wanted else []))
