"""`status` says how the seven steps stand."""

from __future__ import annotations

from release_tools.approvals.steps import Progress
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed

SHORT = {"d": Progress.DONE, "w": Progress.WAITING, "s": Progress.STALE, "b": Progress.BLOCKED}


def read(value: object) -> str:
    """A text of such letters."""
    found = values.text(value)
    if set(found) - set(SHORT):
        raise ValueError(f"{found!r} has other letters than {''.join(SHORT)}")
    return found


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """A letter a step: done, waiting, stale, blocked."""
    states = stage.states(stage.issue.number)
    found = [one.progress for one in states[0].steps] if states else []
    expected = [SHORT[letter] for letter in wanted]
    return Followed(_said(expected), _said(found), found == expected)


def _said(steps: list[Progress]) -> str:
    return " · ".join(f"{number} {one.value}" for number, one in enumerate(steps, 1)) or "it cannot be told"
