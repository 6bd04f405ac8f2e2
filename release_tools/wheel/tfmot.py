"""What is known of TFMOT's source tree: its landmarks, its project names and its version.py."""

from __future__ import annotations

import ast
import enum
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from convergence import content
from convergence.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = content.PACKAGE
VERSION_FILE = content.VERSION_FILE
LANDMARKS = ("setup.py", f"{PACKAGE}/__init__.py", VERSION_FILE)
VERSION_PARTS = ("_MAJOR_VERSION", "_MINOR_VERSION", "_PATCH_VERSION")
SUFFIX = "_VERSION_SUFFIX"


class Channel(enum.Enum):
    """The two names under which TFMOT's setup.py publishes."""

    RELEASE = "tensorflow-model-optimization"
    NIGHTLY = "tf-model-optimization-nightly"


def require(tree: Path, where: str) -> None:
    """Raise a UserError unless `tree` is TFMOT's source."""
    missing = [name for name in LANDMARKS if not (tree / name).is_file()]
    if missing:
        raise UserError("not-tfmot", f"not TFMOT's source: no {missing[0]}", where=where)


def declared_version(tree: Path, where: str) -> Version:
    """The version that a tree's version.py assembles.

    Raises:
      UserError: `bad-version` if it cannot be told from the text.
    """
    return assembled_version((tree / VERSION_FILE).read_bytes(), where)


def assembled_version(code: bytes, where: str) -> Version:
    """The version that a version.py assembles, read as text and never run.

    Raises:
      UserError: `bad-version` if it cannot be told from the text.
    """
    hint = f"it needs {', '.join(VERSION_PARTS)} and {SUFFIX} as plain strings"
    try:
        strings = _assigned_strings(code)
        version = ".".join(strings[part] for part in VERSION_PARTS)
        return Version(f"{version}-{strings[SUFFIX]}" if strings[SUFFIX] else version)
    except (SyntaxError, ValueError, KeyError, InvalidVersion, MemoryError, RecursionError) as error:
        raise UserError("bad-version", f"no version in {VERSION_FILE}", where=where, hint=hint) from error


def _assigned_strings(code: bytes) -> dict[str, str]:
    """Plain strings assigned to names at the top level."""
    found = {}
    for statement in ast.parse(code).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str() as text)):
                found[name] = text
    return found
