"""What must hold of every reader of foreign input: a value as promised, or one line that says why not.

A reader is a file of `tests/fuzz/`; its name says what it reads.
"""

from __future__ import annotations

import functools
import os
import random
import resource
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import units
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

from convergence.errors import LONGEST, UserError

FOLDER = Path(__file__).parents[1] / "fuzz"
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
FEW, MANY = 30, 500  # examples of a quick look, and of each round of a long one
CPU_SECONDS = 10.0  # that nothing below may take; of our own process, so that a busy machine is no fault
MEGABYTES = 1500  # more, that reading 10 MB may take
TEN_MEGABYTES = 10 * 2**20


class Reader(Protocol):
    """The contract of a file in `tests/fuzz/`."""

    EXAMPLES: Sequence[Any]
    """Valid input, which is read and holds."""

    INPUTS: SearchStrategy[Any]
    """Damaged input."""

    def read(self, given: Any, folder: Path) -> Any:
        """What the project makes of it; a UserError is an answer. `place`, if any, prepares files."""

    def holds(self, value: Any, given: Any) -> None:
        """Asserts what is promised of a value."""


@functools.cache
def readers() -> Mapping[str, Path]:
    """Every reader there is."""
    return {
        path.stem: path for path in sorted(FOLDER.glob("*.py")) if not path.stem.startswith(("test_", "_"))
    }


@functools.cache
def load(name: str) -> Reader:
    return cast(Reader, units.load(readers()[name], "fuzz"))


def check(reader: Reader, given: Any, folder: Path) -> bool:
    """Whether the input was taken; whatever it is, the promises hold."""
    for left in sorted(folder.rglob("*"), reverse=True):
        left.rmdir() if left.is_dir() and not left.is_symlink() else left.unlink()
    getattr(reader, "place", lambda *_: None)(given, folder)
    before, began = _tree(folder), time.process_time()
    try:
        value = reader.read(given, folder)
    except UserError as error:
        require_line(str(error))
        taken = False
    else:
        reader.holds(value, given)
        taken = True
    spent = time.process_time() - began
    assert spent < CPU_SECONDS, f"it took {spent:.1f} s"
    after = _tree(folder)
    assert getattr(reader, "left", lambda before, _: before)(before, after) == after, "something was written"
    return taken


def require_line(line: str) -> None:
    """An error is one line of bounded length that moves no cursor."""
    head, _, rest = line.partition(": ")
    assert head.startswith("error["), line[:200]
    assert head[6:-1].replace("-", "").isalnum(), head
    assert rest.strip(), "it says nothing"
    assert line.isprintable(), "it holds what no terminal should see"
    assert len(line) < 3 * LONGEST + 100, f"it has {len(line)} characters"


def run(reader: Reader, folder: Path) -> tuple[int, int]:
    """How many inputs were taken, and how many refused: a quick look, or for as long as FUZZ_SECONDS says."""
    counted = [0, 0]

    def once(given: Any) -> None:
        counted[0 if check(reader, given, folder) else 1] += 1

    options = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    if not SECONDS:
        settings(max_examples=FEW, derandomize=True, database=None, **options)(given(reader.INPUTS)(once))()
        return counted[0], counted[1]
    ends = time.monotonic() + SECONDS
    found = False  # a failure, which is then made as small as it can be, whatever the time

    def until(given: Any) -> None:
        nonlocal found
        if found or time.monotonic() < ends:
            try:
                once(given)
            except BaseException:
                found = True
                raise

    while time.monotonic() < ends:
        looked = settings(max_examples=MANY, **options)(given(reader.INPUTS)(until))
        seed(random.SystemRandom().getrandbits(64))(looked)()
    return counted[0], counted[1]


def require_modest_memory(before: int) -> None:
    """Since `before`, in kilobytes, at most so much more was ever needed at once."""
    more = (most_memory() - before) // 1024
    assert more < MEGABYTES, f"{more} MB more"


def most_memory() -> int:
    """Kilobytes that this process ever needed at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _tree(folder: Path) -> dict[str, bytes | str]:
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found[name] = path.read_bytes() if path.is_file() and not path.is_symlink() else "no file"
    return found
