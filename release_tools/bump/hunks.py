"""Where a change stands in a file's lines, and which lines a patch shows; knows nothing of who shows it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

HEADER = re.compile(r"^@@ -\S+ \+(?P<start>\d+)(?:,(?P<count>\d+))? @@", re.MULTILINE)


@dataclass(frozen=True)
class Hunk:
    """Lines `start` to `end` of the old text, counted from 1, become `new`."""

    start: int
    end: int
    new: str


def changed(old: str, new: str) -> Iterator[Hunk]:
    """Each run of lines that became others, in order; the texts have as many lines as each other."""
    pairs = zip(old.split("\n"), new.split("\n"), strict=True)
    for differs, run in itertools.groupby(enumerate(pairs, 1), lambda item: item[1][0] != item[1][1]):
        if differs:
            lines = list(run)
            yield Hunk(lines[0][0], lines[-1][0], "\n".join(after for _, (_, after) in lines))


def shown(patch: str) -> list[range]:
    """The lines of the new file that a patch shows, hunk by hunk."""
    found = ((int(one["start"]), int(one["count"] or 1)) for one in HEADER.finditer(patch))
    return [range(start, start + count) for start, count in found]
