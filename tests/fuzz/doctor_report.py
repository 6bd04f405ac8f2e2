"""What the doctor wrote in another job: believed only where it is of this commit."""

from __future__ import annotations

import json
from pathlib import Path

import damage

from release_tools.gates import DoctorFact
from release_tools.release import examined
from release_tools.release.evidence import Subject

SHA = "c0de" * 10
FINDING = {
    "check": "imports",
    "what": "no numpy",
    "where": "a.py:3",
    "mend": "add it",
    "severity": "blocker",
    "accepted": "",
}
REPORT = {
    "schema_version": 1,
    "reports": [
        {
            "subject": SHA,
            "findings": [FINDING],
            "could_not_tell": [{"what": "x", "accepted": ""}],
            "left_out": [{"check": "api", "lacks": "the wheel before"}],
        }
    ],
}
EXAMPLES = (json.dumps(REPORT).encode(),)
INPUTS = damage.trees([REPORT])
SUBJECT = Subject.__new__(Subject)
object.__setattr__(SUBJECT, "sha", SHA)


def place(given: bytes, folder: Path) -> None:
    (folder / examined.FILE_NAME).write_bytes(given)


def read(given: bytes, folder: Path) -> DoctorFact | None:
    return examined.elsewhere(folder, SUBJECT)


def holds(value: DoctorFact | None, given: bytes) -> None:
    """None is “nobody looked”, which holds the release."""
    if value is None:
        return
    assert SHA.encode() in given or b"\\u" in given
    assert all(isinstance(text, str) for one in value.findings for text in (one.check, one.what, one.where))
