"""requirements.txt ↔ setup.py: what one lacks is added as text; where they differ, a person decides."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

SETUP, LISTED = "setup.py", "requirements.txt"
NAMES = ("REQUIRED_PACKAGES", "install_requires")


@dataclass(frozen=True)
class Aligned:
    """The two files after it, what was added, and what no program can decide."""

    setup: str
    listed: str
    findings: tuple[str, ...]


def align(setup: str, listed: str) -> Aligned:
    """Have each requirement of either file in both."""
    elements = _elements(setup)
    if elements is None or (not elements and listed.strip()):
        what = f"{SETUP}: its requirements are no list of plain strings; compare them with {LISTED} yourself"
        return Aligned(setup, listed, (what,))
    ours = _parsed([element.value for element in elements])
    theirs = _parsed(listed.splitlines())
    differing = tuple(
        f"{name}: {SETUP} says {ours[name]}, {LISTED} says {theirs[name]}; the wheel gets the first"
        for name in ours
        if name in theirs and not _same(ours[name], theirs[name])
    )
    missing = [text for name, text in theirs.items() if name not in ours]
    unlisted = [text for name, text in ours.items() if name not in theirs]
    said = [f"added to {SETUP}: {text}" for text in missing] + [
        f"added to {LISTED}: {text}" for text in unlisted
    ]
    grown = _extended(setup, elements, missing) if missing else setup
    return Aligned(grown, _appended(listed, unlisted), (*differing, *said))


@dataclass(frozen=True)
class _Element:
    value: str
    line: int  # its last line, from 1
    column: int  # where that line's string begins
    end: int  # in bytes of that line


def _elements(text: str) -> list[_Element] | None:
    """The strings of setup.py's list of requirements; None unless there is one such list of plain strings."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lists = [node for walked in ast.walk(tree) if (node := _list(walked))]
    if len(lists) != 1:
        return None
    found = []
    for element in lists[0].elts:
        if not (isinstance(element, ast.Constant) and isinstance(element.value, str)):
            return None
        found.append(
            _Element(element.value, element.end_lineno or 0, element.col_offset, element.end_col_offset or 0)
        )
    return found


def _list(node: ast.AST) -> ast.List | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() as found) if name in NAMES:
            return found
        case ast.keyword(arg=name, value=ast.List() as found) if name in NAMES:
            return found
    return None


def _extended(text: str, elements: list[_Element], missing: list[str]) -> str:
    """The list with more strings, one a line as the last one stands."""
    last = elements[-1]
    lines = text.splitlines(keepends=True)
    raw = lines[last.line - 1].encode()
    quote = raw[last.end - 1 : last.end].decode()
    indent = " " * last.column
    comma = "" if raw[last.end :].lstrip().startswith(b",") else ","
    head = raw[: last.end] + comma.encode()
    rest = raw[last.end :]
    kept, tail = (head + rest[:1], rest[1:]) if not comma else (head, rest)
    added = "".join(f"\n{indent}{_quoted(one, quote)}," for one in missing)
    lines[last.line - 1] = kept.decode() + added + tail.decode()
    return "".join(lines)


def _quoted(text: str, quote: str) -> str:
    return f"{quote}{text}{quote}" if quote not in text else repr(text)


def _appended(text: str, more: list[str]) -> str:
    if not more:
        return text
    end = "" if text.endswith("\n") or not text else "\n"
    return f"{text}{end}" + "".join(f"{one}\n" for one in more)


def _parsed(lines: list[str]) -> Mapping[str, str]:
    """Requirements as written, by name; what is none (comments, options) is passed over."""
    found: dict[str, str] = {}
    for line in lines:
        written = re.sub(r"(^|\s)#.*$", "", line).strip()
        try:
            found[canonicalize_name(Requirement(written).name)] = written
        except InvalidRequirement:
            continue
    return found


def _same(one: str, other: str) -> bool:
    ours, theirs = Requirement(one), Requirement(other)
    return (ours.specifier, str(ours.marker), ours.extras) == (
        theirs.specifier,
        str(theirs.marker),
        theirs.extras,
    )
