"""Release notes as TFMOT keeps them in RELEASE.md: a section a release, found by its heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

PATH = "RELEASE.md"
HEADING = re.compile(r"^#\s+(?:TensorFlow Model Optimization\s+)(?P<name>\S.*?)\s*$", re.IGNORECASE)
NEXT = re.compile(r"next release", re.IGNORECASE)
TESTED = re.compile(r"tested against\s+(?P<on>.*)", re.IGNORECASE)
TENSORFLOW = re.compile(r"\b\d+\.\d+(?:\.\d+)?\b")


@dataclass(frozen=True)
class Section:
    """The notes of one release.

    Attributes:
      version: None for the release to come.
      line: of its heading, from 1.
      lines: what follows it.
    """

    version: Version | None
    line: int
    lines: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody wrote anything."""
        return not any(line.strip() for line in self.lines)

    @property
    def place(self) -> str:
        """To point at it."""
        return f"{PATH}:{self.line}"

    def tested_against(self) -> tuple[str, ...]:
        """What the notes say that the release was tested against, a sentence each."""
        return tuple(match["on"].strip() for line in self.lines if (match := TESTED.search(line)))

    def tensorflows(self) -> tuple[Version, ...]:
        """The versions of TensorFlow in those sentences, oldest first."""
        said = (re.split(r"\bpython\b", text, flags=re.IGNORECASE)[0] for text in self.tested_against())
        return tuple(sorted({Version(found) for text in said for found in TENSORFLOW.findall(text)}))


def sections(text: str) -> tuple[Section, ...]:
    """All sections, in the order of the file; what stands before the first heading is none."""
    lines = text.splitlines()
    starts = [(number, match) for number, line in enumerate(lines) if (match := HEADING.match(line))]
    ends = [number for number, line in enumerate(lines) if line.startswith("# ")] + [len(lines)]
    return tuple(
        Section(_version(match["name"]), number + 1, tuple(lines[number + 1 : _after(number, ends)]))
        for number, match in starts
        if NEXT.search(match["name"]) or _version(match["name"])
    )


def of(text: str, version: Version | None) -> Section | None:
    """The section of a release, or of the one to come for None."""
    return next((section for section in sections(text) if section.version == version), None)


def current(text: str, version: Version | None) -> Section | None:
    """The section of a release, or while it has none that of the release to come, from which it is made."""
    own = of(text, version)
    return own if own and not own.empty else of(text, None) or own


def _version(text: str) -> Version | None:
    try:
        return Version(text.split(maxsplit=1)[0])
    except InvalidVersion:
        return None


def _after(number: int, ends: list[int]) -> int:
    return next(end for end in ends if end > number)
