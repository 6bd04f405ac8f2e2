"""Files of other tools that may name the package: each such line is shown, none is changed."""

from __future__ import annotations

import re
from pathlib import PurePath

from release_tools.bump.reading import File, Notes, Package, Reading
from release_tools.bump.refusal import Code, Reason

KNOWN = re.compile(
    r"(.*[-_.])?(environment|conda)([-_.].*)?\.ya?ml|(meta|recipe)\.yaml|Pipfile|pixi\.toml|tox\.ini|noxfile\.py"
    r"|(.*\.)?(Dockerfile|Containerfile)(\..*)?",
    re.I,
)


def claims(path: PurePath) -> bool:
    """Files that are known to hold requirements which are not raised here."""
    return KNOWN.fullmatch(path.name) is not None


def read(file: File, package: Package) -> Reading:
    """A refusal for each line that names the package."""
    notes = Notes(file)
    what = f"requirements in {file.path.name} cannot be raised by this program"
    reason = Reason(Code.UNSUPPORTED, what, "raise it by hand, and name the other files")
    lines = {notes.line(place): place for place in reversed(package.mentions(file.text))}
    for _, place in sorted(lines.items()):
        notes.refuse(reason, place)
    return notes.reading()
