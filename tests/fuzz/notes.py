"""RELEASE.md: the next section goes where it belongs, and every other byte stays."""

from __future__ import annotations

from pathlib import Path

import damage

from release_tools.release import notes

EXAMPLES = (
    f"{notes.NEXT}\n\nBy hand.\n\n# {notes.PROJECT} 0.8.1\n\nTFMOT 0.8.1.\n\n* Tested against TF.\n",
    f"{notes.NEXT}\n\n# {notes.PROJECT} 0.8.1\n",
)
INPUTS = damage.texts(EXAMPLES)
VERSION, NEW = "0.8.2", "TFMOT 0.8.2.\n\n* New."


def read(given: str, folder: Path) -> str:
    return notes.edited(given, VERSION, NEW)


def holds(value: str, given: str) -> None:
    assert notes.section(value, VERSION) == NEW
    assert notes.pending(value) == ""
    for match in notes.SECTION.finditer(given):
        name = match["version"]
        if name != "next release TBD":
            assert notes.section(value, name) == notes.section(given, name)
