"""Measures `release plan` and the resuming of a finished `release run`, from process start, on the sandbox.

    python tests/bench/release.py

TFMOT is put together from the installed one, and imported beside the TensorFlow that is installed here.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import shipyard

from release_tools.sandbox.tfmot_source import Published, published

RUNS = 5
PLAN_SECONDS, RESUME_SECONDS = 20.0, 3.0


def seconds(run: Callable[[], object]) -> float:
    began = time.monotonic()
    run()
    return time.monotonic() - began


def measure(folder: Path, origin: Published, table: Table) -> None:
    with shipyard.opened(folder, origin) as yard:
        yard.bare = False
        with_build = seconds(yard.plan)
        plan = [seconds(yard.plan) for _ in range(RUNS)]
        first = yard.run()
        assert first.returncode == 3, (first.stdout, first.stderr)
        yard.land()
        begun = time.monotonic()
        done = yard.run()
        whole = time.monotonic() - begun
        assert done.returncode == 0, (done.stdout, done.stderr)
        before = yard.writes()
        resume = [seconds(lambda: yard.run(gates=False)) for _ in range(RUNS)]
        writes = len(yard.writes()) - len(before)
    table.add_row("plan, with the build", f"{with_build:.1f} s", "")
    table.add_row("plan, the wheel built before", f"{median(plan):.1f} s", f"≤ {PLAN_SECONDS:.0f} s")
    table.add_row("run, from what landed to the bump", f"{whole:.1f} s", "")
    table.add_row("resuming a finished release", f"{median(resume):.1f} s", f"≤ {RESUME_SECONDS:.0f} s")
    table.add_row("writing calls meanwhile", str(writes), "0")


def main() -> None:
    table = Table("measured", "here", "aim")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["RELEASE_TOOLS_CACHE"] = f"{scratch}/cache"
        origin = published()
        bare = Published(origin.version, (), origin.files)  # its requirements would be installed twice
        measure(Path(scratch), bare, table)
    Console().print(table)


if __name__ == "__main__":
    main()
