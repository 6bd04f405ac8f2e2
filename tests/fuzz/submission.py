"""What GitHub told one job of a pull request's example, as another reads it."""

from __future__ import annotations

from pathlib import Path

import damage
import process
import record_rules

from convergence import records
from release_tools.standards.submitted import Submission

MADE = Submission("tensorflow/models#7", "c" * 40, ("a.py", "b/c.py"), process.BODY, "convergence/claims")
EXAMPLES = (record_rules.text(MADE),)
INPUTS = damage.trees([record_rules.plain(one) for one in EXAMPLES])


def place(given: bytes, folder: Path) -> None:
    (folder / "asked.json").write_bytes(given)


def read(given: bytes, folder: Path) -> Submission:
    return records.read(folder / "asked.json", Submission)


def holds(value: Submission, given: bytes) -> None:
    record_rules.require_same_again(value, Submission)
