"""The command says these things, in any order."""

from __future__ import annotations

from collections.abc import Sequence

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed


def read(value: object) -> tuple[str, ...]:
    """A list of texts, of which none is empty, and one at least."""
    found = values.read(tuple[str, ...], value)
    if not found or not all(found):
        raise ValueError("nothing, or an empty text, is always printed")
    return found


def look(stage: Stage, done: Done, wanted: Sequence[str]) -> Followed:
    """Each of `wanted` in one of its lines."""
    lines = done.ran.said.splitlines() if done.ran else []
    found = [next((line.strip() for line in lines if one in line), "") for one in wanted]
    seen = "; ".join(filter(None, found)) or (lines[-1] if lines else "nothing")
    return Followed(f"it says {' and '.join(map(repr, wanted))}", seen, all(found))
