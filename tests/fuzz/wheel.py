"""A wheel file that anybody may have made."""

from __future__ import annotations

import tempfile
from pathlib import Path

import asked
import damage

from convergence import content
from release_tools.wheel import wheelfile
from release_tools.wheel.wheelfile import Wheel

MADE = next(asked.write_wheel(Path(tempfile.mkdtemp())).glob("*.whl"))
DIGEST = wheelfile.read(MADE).content_digest
EXAMPLES = (MADE.read_bytes(),)
INPUTS = damage.contents(EXAMPLES)


def place(given: bytes, folder: Path) -> None:
    (folder / MADE.name).write_bytes(given)


def read(given: bytes, folder: Path) -> Wheel:
    return wheelfile.read(folder / MADE.name)


def holds(value: Wheel, given: bytes) -> None:
    assert all(name.startswith(f"{content.PACKAGE}/") and ".." not in name for name in value.members)
    assert content.VERSION_FILE not in value.members
    assert value.content_digest == content.digest(value.members, b"")
    assert str(value.version) == "1.2.3" or given != EXAMPLES[0]
