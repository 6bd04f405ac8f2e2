"""The command ended with this status."""

from __future__ import annotations

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed

MEANS = {
    0: "done",
    1: "a verdict against it",
    2: "bad input",
    3: "waiting, or it cannot be told",
    4: "the machine",
    -9: "killed",
}


def read(value: object) -> int:
    """A number that means something."""
    found = values.read(int, value)
    if found not in MEANS:
        raise ValueError(f"no command ends with {found}, only with {', '.join(map(str, MEANS))}")
    return found


def look(stage: Stage, done: Done, wanted: int) -> Followed:
    """`wanted` as programs have it; -9 where it was killed."""
    found = done.ran.status if done.ran else None
    return Followed(f"it ends with {wanted} ({MEANS[wanted]})", f"{found}", found == wanted)
