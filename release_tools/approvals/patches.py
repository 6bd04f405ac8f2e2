"""How two states of a pull request compare: diffs without the minimum version, and the example's files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from release_tools.approvals.facts import Likeness

PACKAGE = "tensorflow-model-optimization"
FLOOR = re.compile(r">=\s*[^\s,;'\"#]+")
HUNK = "@@"


@dataclass(frozen=True)
class Changed:
    """A file as a pull request changes it; `patch` is None where GitHub shows none (binary, too large)."""

    path: str
    status: str
    blob: str
    patch: str | None
    previous: str = ""


Said = tuple[str, str, str, str]  # path, what it was called, what happened, the patch


def likeness(there: Sequence[Changed], here: Sequence[Changed]) -> Likeness:
    """How one diff compares with another; where a hunk is does not matter, as for `git patch-id`."""
    if _said(there) == _said(here):
        return Likeness.SAME
    return Likeness.BUMPED if _without_minimum(there) == _without_minimum(here) else Likeness.OTHER


def example(changed: Sequence[Changed], tree: Mapping[str, str]) -> str:
    """The identity of the example's files: folders to which something is added, whole, and files that change.

    A minimum version is no part of it.

    Args:
      tree: blobs by path at the same commit.
    """
    kept = {said[0]: said for said in _without_minimum(changed)}
    folders = {
        str(PurePosixPath(one.path).parent) for one in changed if one.path in kept and one.status == "added"
    }
    folders.discard(".")
    within = {path for path in tree if any(path.startswith(f"{folder}/") for folder in folders)}
    dropped = {one.path for one in changed} - kept.keys()
    floors = {one.path for one in changed if one.path in kept and _has_minimum(one)}
    lines = [
        f"{path}\0{kept[path] if path in floors else tree.get(path, '')}"
        for path in sorted((within | kept.keys()) - dropped)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _said(changed: Sequence[Changed]) -> frozenset[Said]:
    return frozenset(
        _one(one, "\n".join(line for hunk in _hunks(one) for line in (HUNK, *hunk))) for one in changed
    )


def _without_minimum(changed: Sequence[Changed]) -> frozenset[Said]:
    """The diff without the lines in which only a minimum version changes."""
    found = set()
    for one in changed:
        hunks = [kept for hunk in _hunks(one) if (kept := _unpaired(hunk))]
        if hunks or one.patch is None or one.status != "modified":
            found.add(_one(one, "\n".join(line for hunk in hunks for line in (HUNK, *hunk))))
    return frozenset(found)


def _one(one: Changed, patch: str) -> Said:
    return one.path, one.previous, one.status, patch if one.patch is not None else one.blob


def _hunks(one: Changed) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in (one.patch or "").split("\n"):
        if line.startswith(HUNK):
            if lines:
                yield lines
            lines = []
        else:
            lines.append(line)
    if lines:
        yield lines


def _unpaired(hunk: Sequence[str]) -> list[str]:
    """The hunk without what changes a minimum version alone; empty where that is all."""
    lines = [_masked(line) for line in hunk]
    for line in [one for one in lines if one.startswith("-")]:
        raised = "+" + line[1:]
        if raised in lines and raised[1:] != hunk[lines.index(line)][1:]:
            lines[lines.index(line)] = " " + line[1:]
            lines.remove(raised)
    return lines if any(line[:1] in {"+", "-"} for line in lines) else []


def _masked(line: str) -> str:
    """A line of a diff without its minimum version, where it is a requirement of the package."""
    return line[:1] + FLOOR.sub(">=*", line[1:]) if _is_minimum(line[1:]) else line


def _is_minimum(line: str) -> bool:
    bare = line.strip().removesuffix(",")
    if bare[:1] in {'"', "'"} and bare[:1] == bare[-1:]:
        bare = bare[1:-1]
    if len(bare) > 300 or ">=" not in bare:
        return False
    try:
        found = Requirement(bare)
    except InvalidRequirement:
        return False
    return canonicalize_name(found.name) == PACKAGE and not found.url


def _has_minimum(one: Changed) -> bool:
    return any(_is_minimum(line[1:]) for hunk in _hunks(one) for line in hunk)
