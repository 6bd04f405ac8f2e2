"""Lock files, which tools write: the locked version of the package, and which file to change instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from release_tools.bump.reading import Declaration, File, Notes, Package, Reading
from release_tools.bump.refusal import Code, Reason

SOURCES = {
    "poetry.lock": "pyproject.toml",
    "uv.lock": "pyproject.toml",
    "pdm.lock": "pyproject.toml",
    "pylock.toml": "pyproject.toml",
    "Pipfile.lock": "Pipfile",
}


def claims(path: PurePath) -> bool:
    """By their names."""
    return path.name in SOURCES


def read(file: File, package: Package) -> Reading:
    """Each locked version as a pin that may not be moved by hand."""
    notes = Notes(file)
    source = SOURCES[file.path.name]
    works = f"name {source} alone, and lock anew afterwards"
    held = Reason(Code.GENERATED_FILE, f"it is locked from {source}", works)
    try:
        names = [name for name, _ in _locked(file) if package.is_named(name)]
        versions = [version for name, version in _locked(file) if package.is_named(name)]
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        notes.refuse(Reason(Code.UNPARSEABLE, f"no lock file: {error}", "lock anew"), 0)
        return notes.reading()
    for name, version in zip(names, versions, strict=True):
        place = _place(file.text, name, version)
        specifier = version if version.startswith("=") else f"=={version}"
        shown = f"{name}{specifier}"
        notes.declarations.append(Declaration(notes.line(place), shown, specifier, (place,), held=held))
    return notes.reading()


def _locked(file: File) -> Iterator[tuple[str, str]]:
    """Names and versions in the lock.

    Raises:
      ValueError: it is no TOML or JSON; AttributeError, TypeError: it is no lock.
    """
    import tomllib

    if file.path.name == "Pipfile.lock":
        sections: Mapping[str, Any] = json.loads(file.text)
        for section in ("default", "develop"):
            for name, entry in sections.get(section, {}).items():
                yield name, str(entry.get("version", "===direct"))
        return
    found = tomllib.loads(file.text)
    for entry in [*found.get("package", ()), *found.get("packages", ())]:
        yield str(entry.get("name", "")), str(entry.get("version", "==direct"))


def _place(text: str, name: str, version: str) -> int:
    """Where the version stands behind the name, or the name."""
    match = re.search(rf"[\"']{re.escape(name)}[\"'][^\[{{]*?{re.escape(version)}", text) or re.search(
        rf"[\"']{re.escape(name)}[\"']", text
    )
    return match.start() if match else 0
