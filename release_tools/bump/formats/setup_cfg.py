"""setup.cfg: requirements of setuptools' declarative configuration; places by line, sense by configparser."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from release_tools.bump import requirement
from release_tools.bump.reading import File, Lead, Notes, Package, Reading
from release_tools.bump.refusal import Code, Reason

LISTS = {"install_requires", "setup_requires", "tests_require"}
SECTION = re.compile(r"\[(?P<name>[^]]+)\]")
OPTION = re.compile(r"(?P<key>[^\s=:#;[][^=:]*?)\s*[=:]\s*")
DIRECTIVE = re.compile(r"\s*file:\s*(?P<names>.+)")
ATTRIBUTE = re.compile(r"\s*attr:")


@dataclass(frozen=True)
class Item:
    """A piece of an option's value, at `place` in the file; `alone` if the value is on the option's line."""

    section: str
    key: str
    text: str
    place: int
    alone: bool

    @property
    def is_requirement(self) -> bool:
        """Whether the option holds requirements."""
        of_options = self.section == "options" and self.key in LISTS
        return of_options or self.section == "options.extras_require"


def claims(path: PurePath) -> bool:
    """By its one name."""
    return path.name == "setup.cfg"


def read(file: File, package: Package) -> Reading:
    """What `install_requires`, `setup_requires`, `tests_require` and the extras say."""
    notes = Notes(file)
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(file.text)
    except (configparser.Error, ValueError, AttributeError) as error:
        place = next(iter(package.mentions(file.text)), 0)
        reason = Reason(Code.UNPARSEABLE, f"not a configuration: {str(error).splitlines()[0]}", "mend it")
        notes.refuse(reason, place)
        return notes.reading()
    notes.python = parser.get("options", "python_requires", fallback="") or ""
    for item in _items(file.text):
        if item.is_requirement:
            _note(notes, package, item)
    return notes.reading()


def _note(notes: Notes, package: Package, item: Item) -> None:
    directive = DIRECTIVE.fullmatch(item.text)
    if directive:
        folder = notes.file.path.parent
        names = [name.strip() for name in directive["names"].split(",")]
        notes.leads += [Lead(folder / name, notes.line(item.place)) for name in names if name]
        return
    end = item.place
    for part in item.text.split(";") if item.alone else [item.text]:
        start, end = end, end + len(part) + 1
        kept = part.strip()
        if kept:
            place = start + part.index(kept)
            before = len(notes.beside)
            requirement.note(notes, package, kept, range(place, place + len(kept) + 1))
            if item.section != "options":  # extras may exclude each other
                del notes.beside[before:]


def _items(text: str) -> Iterator[Item]:
    """Every line of every option's value, without comments, as configparser sees them."""
    section = key = ""
    place = 0
    for raw in text.splitlines(keepends=True):
        line = raw.rstrip("\r\n")
        stripped = line.strip()
        if stripped and stripped[0] not in "#;":
            if line[0].isspace() and key:
                yield Item(section, key, line, place, alone=False)
            elif header := SECTION.match(stripped):
                section, key = header["name"], ""
            elif option := OPTION.match(line):
                key = option["key"].strip().lower()
                yield Item(section, key, line[option.end() :], place + option.end(), alone=True)
        place += len(raw)
