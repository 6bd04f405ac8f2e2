"""The package index has these versions."""

from __future__ import annotations

from collections.abc import Sequence

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed
from release_tools.wheel import wheelfile


def read(value: object) -> tuple[str, ...]:
    """A list of texts."""
    return values.read(tuple[str, ...], value)


def look(stage: Stage, done: Done, wanted: Sequence[str]) -> Followed:
    """The versions that are new since the rehearsal began, oldest first; each was uploaded once."""
    versions = sorted(wheelfile.read(path).version for path in stage.index.folder.glob("*.whl"))
    found = [str(one) for one in versions][1:]
    passed = found == list(wanted) and stage.index.uploads == len(found)
    seen = f"{', '.join(found) or 'nothing'} new, {stage.index.uploads} uploads"
    return Followed(f"the index has {', '.join(wanted) or 'nothing'} new, each uploaded once", seen, passed)
