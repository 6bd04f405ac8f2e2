"""A file of accepted findings."""

from __future__ import annotations

from pathlib import Path

import damage
import tomlkit

from release_tools.doctor import acceptance
from release_tools.doctor.acceptance import Acceptance

EXAMPLES = (
    '[[accepted]]\ncheck = "imports"\nwhere = "a.py:3"\nwhat = "0123456789ab"\nreason = "known"\n\n'
    '[[accepted]]  # of last year\ncheck = "api"\nwhere = ""\nwhat = "x"\nreason = """\nmany\nlines"""\n',
    "",
)
INPUTS = damage.texts(EXAMPLES)


def place(given: str, folder: Path) -> None:
    (folder / "f.toml").write_bytes(given.encode("utf-8", "surrogatepass"))


def read(given: str, folder: Path) -> tuple[Acceptance, ...]:
    return acceptance.load(folder / "f.toml")


def holds(value: tuple[Acceptance, ...], given: str) -> None:
    plain = {"accepted": [vars(one) for one in value]}
    assert acceptance.read(tomlkit.dumps(plain), "again") == value
    assert all(one.reason.strip() for one in value)
