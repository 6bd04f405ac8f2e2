"""What a file says of one package, and the contract of the formats that read it from text.

A format finds places; whether and how a floor is raised there is decided in `floors`.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import Protocol

from packaging.utils import canonicalize_name

from release_tools.bump.floors import PEP440, Dialect
from release_tools.bump.refusal import Reason, Refusal


@dataclass(frozen=True)
class Package:
    """The package whose floor is raised, by its normalised name."""

    name: str

    def mentions(self, text: str) -> list[int]:
        """Where the text has the name, in any spelling, also as part of a path or an address."""
        return [match.start() for match in self._loose.finditer(text)]

    def is_named(self, name: str) -> bool:
        """Whether `name` is the package's, in any spelling."""
        return canonicalize_name(name) == self.name

    @property
    def _loose(self) -> re.Pattern[str]:
        name = r"[-_./]+".join(map(re.escape, self.name.split("-")))
        return re.compile(
            rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-_.]){name}(?!(?!\.git\b)[-_.]*[A-Za-z]|[0-9])", re.I
        )


@dataclass(frozen=True)
class File:
    """A file to read.

    Attributes:
      text: its characters, line ends as they are.
      constraint: whether it only constrains what others require (`-c`).
      required: whether another requirements file includes it, so that it is one whatever its name.
    """

    path: Path
    text: str
    constraint: bool = False
    required: bool = False


@dataclass(frozen=True)
class Declaration:
    """One place where the package is required.

    Attributes:
      shown: the requirement, for people to read.
      specifier: its version specifier, without parentheses.
      places: where each character of `specifier` is in the file, and where one after it would be.
      dialect: how it is written.
      held: why it may not be changed, if it ought to be.
      constraint: whether it only constrains what others require.
    """

    line: int
    shown: str
    specifier: str
    places: Sequence[int]
    dialect: Dialect = PEP440
    held: Reason | None = None
    constraint: bool = False


@dataclass(frozen=True)
class Lead:
    """A requirements file that the file names, as `-r` or `-c` does.

    Attributes:
      sure: whether it must be there.
    """

    path: Path
    line: int
    constraint: bool = False
    sure: bool = True


@dataclass(frozen=True)
class Reading:
    """What one file says.

    Attributes:
      beside: the other requirements of the target, as PEP 508 has them.
      python: the target's Python, as a specifier.
    """

    declarations: tuple[Declaration, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    leads: tuple[Lead, ...] = ()
    beside: tuple[str, ...] = ()
    python: str = ""


@dataclass
class Notes:
    """A reading while a format makes it."""

    file: File
    declarations: list[Declaration] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    python: str = ""

    def refuse(self, reason: Reason, place: int, text: str | None = None) -> None:
        """Note a refusal at a character of the file."""
        shown = self.line_text(place) if text is None else text.strip()
        self.refusals.append(Refusal(reason, self.file.path, self.line(place), shown))

    def line(self, place: int) -> int:
        """The number of the line that a character is in."""
        return bisect.bisect_right(self._starts, place)

    def line_text(self, place: int) -> str:
        """The line that a character is in."""
        start, *rest = self._starts[self.line(place) - 1 : self.line(place) + 1]
        return self.file.text[start : rest[0] if rest else None].strip()

    @cached_property
    def _starts(self) -> list[int]:
        lengths = [len(line) for line in self.file.text.splitlines(keepends=True)]
        return [0, *itertools.accumulate(lengths)]

    def reading(self) -> Reading:
        """The finished reading."""
        return Reading(
            tuple(self.declarations), tuple(self.refusals), tuple(self.leads), tuple(self.beside), self.python
        )


class Format(Protocol):
    """A requirement format: a module in `formats/`."""

    @staticmethod
    def claims(path: PurePath) -> bool:
        """Whether a file of this name is of this format."""

    @staticmethod
    def read(file: File, package: Package) -> Reading:
        """What the file says of the package."""
