"""METADATA and PKG-INFO of an installed or built project: what it declares, which its own sources say."""

from __future__ import annotations

import re
from pathlib import PurePath

from release_tools.bump import requirement
from release_tools.bump.reading import File, Notes, Package, Reading
from release_tools.bump.refusal import Code, Reason

REQUIRES = re.compile(r"^Requires-Dist: *(?P<requirement>.+?)\s*$", re.M)
PYTHON = re.compile(r"^Requires-Python: *(?P<python>.+?)\s*$", re.M)
HELD = Reason(
    Code.GENERATED_FILE, "it is built from the project's own requirements", "raise the minimum in its sources"
)


def claims(path: PurePath) -> bool:
    """By their names."""
    return path.name in {"METADATA", "PKG-INFO"}


def read(file: File, package: Package) -> Reading:
    """The requirements in the headers."""
    notes = Notes(file)
    headers = re.split(r"\r?\n\r?\n", file.text, maxsplit=1)[0]
    python = PYTHON.search(headers)
    notes.python = python["python"] if python else ""
    for match in REQUIRES.finditer(headers):
        start, end = match.span("requirement")
        requirement.note(notes, package, match["requirement"], range(start, end + 1), held=HELD)
    return notes.reading()
