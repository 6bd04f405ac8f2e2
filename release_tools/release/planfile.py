"""Reads a plan's file, and takes none that does not agree with itself: a plan is made, never edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from convergence import records
from convergence.errors import UserError
from release_tools.release import notes, versions
from release_tools.release.index import NAME
from release_tools.release.nouns import ReleasePlan
from release_tools.release.requirements import LISTED, SETUP
from release_tools.wheel import tfmot

PATHS = frozenset({tfmot.VERSION_FILE, notes.PATH, SETUP, LISTED})
MODES = frozenset({"100644", "100755"})
REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
COMMIT, SHA256 = re.compile(r"[0-9a-f]{40}"), re.compile(r"[0-9a-f]{64}")


def read(path: Path) -> ReleasePlan:
    """The plan in a file.

    Raises:
      UserError: not-a-record, bad-version, bad-plan.
    """
    plan = records.read(path, ReleasePlan)
    wrong = next(_wrong(plan, versions.parse(plan.release)), "")
    if wrong:
        hint = "a plan is not edited: make it anew with `release plan`"
        raise UserError("bad-plan", f"{wrong} is not what `release plan` writes", where=str(path), hint=hint)
    return plan


def _wrong(plan: ReleasePlan, version: Version) -> Iterator[str]:
    """The fields that are not as a plan of this version has them."""
    fits = {
        "tag": plan.tag == versions.tag(version),
        "repository": bool(REPOSITORY.fullmatch(plan.repository)),
        "base": bool(COMMIT.fullmatch(plan.base)),
        "commit": bool(COMMIT.fullmatch(plan.commit)),
        "tree": bool(COMMIT.fullmatch(plan.tree)),
        "files": all(one.path in PATHS and one.mode in MODES for one in plan.files),
        "wheel.name": _names(plan.wheel.name, version),
        "wheel.sha256": bool(SHA256.fullmatch(plan.wheel.sha256)),
        "wheel.content_digest": bool(SHA256.fullmatch(plan.wheel.content_digest)),
    }
    yield from (name for name, right in fits.items() if not right)


def _names(name: str, version: Version) -> bool:
    """Whether a file's name is that of a wheel of TFMOT's at this version, and no path."""
    try:
        project, found, _, _ = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return False
    return "/" not in name and (project, found) == (NAME, version)
