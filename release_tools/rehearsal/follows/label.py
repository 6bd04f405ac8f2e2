"""The pull request has this label of ours, and no other: the step it is at."""

from __future__ import annotations

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.show import Followed
from release_tools.rehearsal.stage import Stage


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """`wanted` without its prefix; empty for none."""
    found = [one.name.removeprefix("mot: ") for one in stage.issue.labels if one.name.startswith("mot: ")]
    expected = f"the label is “mot: {wanted}”" if wanted else "no step's label is left"
    return Followed(expected, ", ".join(found) or "none", found == ([wanted] if wanted else []))
