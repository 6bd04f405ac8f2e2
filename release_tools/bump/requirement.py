"""One requirement as PEP 508 has it: which package it names, and where its version specifier is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement

from release_tools.bump.reading import Declaration, Notes, Package
from release_tools.bump.refusal import Code, Reason

SHAPE = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?P<extras>\[[^\]]*\])?"
    r"(?P<rest>\s*\(?\s*(?P<specifier>[^;@()]*?)\s*(?:\)\s*)?(?:;.*)?)",
    re.ASCII | re.DOTALL,
)
DIRECT = Reason(
    Code.DIRECT_REFERENCE,
    "it comes from an address, not from an index",
    "require it by version, or edit the address",
)
DYNAMIC = Reason(
    Code.DYNAMIC, "its version is put together elsewhere", "write it out, or raise it where it is set"
)
UNPARSEABLE = Reason(Code.UNPARSEABLE, "not a requirement as PEP 508 has it", "mend it, or raise it by hand")


@dataclass(frozen=True)
class Located:
    """A requirement of an index's package; its specifier is at `start` to `end` of its text."""

    name: str
    start: int
    end: int


def locate(text: str) -> Located | Reason:
    """Where the specifier of a requirement is, or why there is none to change."""
    try:
        parsed = Requirement(text)
    except (InvalidRequirement, RecursionError):
        return UNPARSEABLE
    if parsed.url is not None:
        return DIRECT
    match = SHAPE.fullmatch(text)
    if match is None or match["name"] != parsed.name:
        return UNPARSEABLE
    start, end = match.span("specifier")
    if start == end and "(" not in match["rest"].partition(";")[0]:
        start = end = match.end("extras") if match["extras"] else match.end("name")
    return Located(parsed.name, start, end)


def note(
    notes: Notes,
    package: Package,
    text: str,
    places: Sequence[int],
    *,
    constraint: bool = False,
    held: Reason | None = None,
) -> bool:
    """Add a requirement to the notes, and say whether it is one of the package.

    Args:
      places: where each character of `text` is in the file, and where one after it would be.
    """
    found = locate(text)
    if isinstance(found, Located) and package.is_named(found.name):
        inner = places[found.start : found.end + 1]
        notes.declarations.append(
            Declaration(
                notes.line(places[found.start]),
                " ".join(text.split()),
                text[found.start : found.end],
                inner,
                held=held,
                constraint=constraint,
            )
        )
        return True
    if isinstance(found, Reason) and package.mentions(text):
        if found is DIRECT and not package.is_named(Requirement(text).name):
            return False
        notes.refuse(found, places[0], text)
        return True
    if isinstance(found, Located):
        notes.beside.append(" ".join(text.split()))
    return False
