"""Measures `release doctor` on a tree and its published wheel, environments apart: at most 60 s on two cores.

    python tests/bench/doctor.py SOURCE [REF]

SOURCE is a clone of TFMOT with its tags; REF is the newest tag if it is left out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from release_tools import doctor
from release_tools.doctor import checks
from release_tools.doctor.gather import Request, gather, version_tags
from release_tools.doctor.subject import Subject

LIMIT = 60.0


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    source = sys.argv[1]
    ref = sys.argv[2] if sys.argv[2:] else version_tags(source)[-1]
    table = Table("measured", "here", "aim")
    subjects: list[Subject] = []
    with tempfile.TemporaryDirectory() as cache:
        os.environ["RELEASE_TOOLS_CACHE"] = cache
        asked = Request(ref, source, environments=False)
        first = timed(lambda: subjects.append(gather(asked)))
        again = timed(lambda: gather(asked))
    examined = timed(lambda: doctor.examine(subjects[0]))
    table.add_row(f"reading {ref}, the release before and the index, nothing cached", f"{first:.1f} s", "")
    table.add_row("the same again", f"{again:.1f} s", "")
    table.add_row("all checks", f"{examined:.1f} s", "")
    table.add_row("doctor, environments apart", f"{first + examined:.1f} s", f"≤ {LIMIT:.0f} s")
    for named in checks.found():
        if not any(subjects[0].lacks(need) for need in named.check.needs):
            alone = timed(lambda check=named.check: list(check.examine(subjects[0])))  # type: ignore[misc]
            table.add_row(f"  {named.name} alone", f"{alone:.2f} s", "")
    Console().print(table)
    if first + examined > LIMIT:
        sys.exit(f"more than {LIMIT:.0f} s")


if __name__ == "__main__":
    main()
