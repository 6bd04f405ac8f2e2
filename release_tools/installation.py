"""What a repository holds so that `/converge` works there, and how that differs from what a folder has."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from convergence.errors import UserError
from release_tools import config, stubs

STUB = ".github/workflows/mot-converge.yml"
APPROVALS = ".github/workflows/mot-approvals.yml"
REVIEW = ".github/workflows/mot-review.yml"
HOOK = ".github/release-tools/job-started.sh"
CHECKLIST = ".github/release-tools/CHECKLIST.md"
PATHS = (STUB, APPROVALS, REVIEW, config.PATH, HOOK, CHECKLIST)
ENVIRONMENT = "converge-consent"  # as converge.yml calls it
SHA = re.compile(r"[0-9a-f]{40}")
BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")
VERSION = re.compile(r"v?[0-9A-Za-z][0-9A-Za-z.+-]*")


@dataclass(frozen=True)
class Installation:
    """Where the tools are called, and which they are.

    Attributes:
      tools: `owner/name` of the repository with the workflows; `sha` is a commit of it, `version` its name.
      history: branch of the records.

    Raises:
      UserError: usage.
    """

    repository: str
    branch: str
    tools: str
    sha: str
    version: str
    history: str = "convergence-history"

    def __post_init__(self) -> None:
        shapes = {
            "repository": config.REPOSITORY,
            "tools": config.REPOSITORY,
            "sha": SHA,
            "branch": BRANCH,
            "history": BRANCH,
            "version": VERSION,
        }
        for name, shape in shapes.items():
            if not shape.fullmatch(getattr(self, name)):
                raise UserError("usage", f"{getattr(self, name)!r} is no {name}", hint=HINTS[name])

    def filled(self, name: str) -> str:
        """One of our stubs, filled in."""
        text = resources.files(stubs).joinpath(name).read_text(encoding="utf-8")
        for key in ("repository", "branch", "tools", "sha", "version", "history"):
            text = text.replace(f"@{key.upper()}@", getattr(self, key))
        return text.replace("@ENVIRONMENT@", ENVIRONMENT)


HINTS = {
    "repository": "write owner/name",
    "tools": "write owner/name@SHA",
    "sha": "write owner/name@SHA, with all 40 digits",
    "branch": "name the default branch",
    "history": "name a branch",
    "version": "write v0.1.0",
}


class Found(enum.Enum):
    """How a file is, compared with what would be written."""

    MISSING = "new"
    SAME = "unchanged"
    OWN = "kept"  # it is for its owners to change
    CHANGED = "changed"


@dataclass(frozen=True)
class File:
    """A file that belongs there."""

    path: str
    content: str
    found: Found
    executable: bool = False


def compare(installation: Installation, folder: Path) -> list[File]:
    """All files, as they are to be and as they are found.

    Raises:
      UserError: not-a-folder; not-writable, where something else than a file is in the way.
    """
    if not folder.is_dir():
        raise UserError("not-a-folder", f"{folder} is no folder", hint="give a checkout of the repository")
    return list(_compare(installation, folder))


def _compare(installation: Installation, folder: Path) -> Iterator[File]:
    for path in PATHS:
        content, there = installation.filled(Path(path).name), folder / path
        if there.is_symlink() or (there.exists() and not there.is_file()):
            raise UserError("not-writable", f"{path} is no file", where=str(folder), hint="move it away")
        yield File(path, content, _found(there, content, path == config.PATH), path == HOOK)


def compare_with(installation: Installation, read: Callable[[str], bytes | None]) -> list[File]:
    """All files, as they are to be and as they are found in a repository elsewhere.

    Args:
      read: the content at a path; None where there is none.
    """
    files = []
    for path in PATHS:
        content = installation.filled(Path(path).name)
        files.append(File(path, content, _state(read(path), content, path == config.PATH), path == HOOK))
    return files


def _found(there: Path, content: str, own: bool) -> Found:
    return _state(there.read_bytes() if there.exists() else None, content, own)


def _state(there: bytes | None, content: str, own: bool) -> Found:
    if there is None:
        return Found.MISSING
    if there == content.encode():
        return Found.SAME
    return Found.OWN if own else Found.CHANGED


def require_unchanged(files: list[File]) -> None:
    """Refuses to lose what somebody else wrote.

    Raises:
      UserError: changed.
    """
    changed = ", ".join(file.path for file in files if file.found is Found.CHANGED)
    if changed:
        hint = "--force writes over it; git shows what is lost"
        raise UserError("changed", f"this would write over {changed}", hint=hint)


def write(files: list[File], folder: Path) -> None:
    """Writes what is missing or changed.

    Raises:
      UserError: not-writable.
    """
    for file in files:
        if file.found in {Found.SAME, Found.OWN}:
            continue
        path = folder / file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content.encode())
            path.chmod(0o755 if file.executable else 0o644)
        except OSError as error:
            raise UserError("not-writable", f"cannot write {file.path}: {error.strerror}") from error
