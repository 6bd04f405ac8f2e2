"""Git's objects as values, and how its programs write them down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Signature:
    """Who made a commit, and when (seconds since 1970)."""

    name: str
    email: str
    time: int

    def __str__(self) -> str:
        return f"{self.name} <{self.email}> {self.time} +0000"


@dataclass(frozen=True)
class Commit:
    """A commit as git stores it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True)
class Entry:
    """A line of a tree; `size` is -1 for what is no file."""

    mode: str
    kind: str
    sha: str
    size: int
    path: str


@dataclass(frozen=True)
class Change:
    """A file that differs between two commits; `status` is git's letter."""

    status: str
    path: str
    previous: str
    sha: str
    patch: str

    @property
    def additions(self) -> int:
        """Lines that are new."""
        return sum(line.startswith("+") for line in self.patch.splitlines())

    @property
    def deletions(self) -> int:
        """Lines that are gone."""
        return sum(line.startswith("-") for line in self.patch.splitlines())


def stream(
    ref: str, files: Mapping[str, bytes | None], message: str, by: Signature, parent: str
) -> Iterator[bytes]:
    """What fast-import reads."""
    text = message.encode()
    yield f"commit {ref}\nauthor {by}\ncommitter {by}\ndata {len(text)}\n".encode() + text + b"\n"
    if parent:
        yield f"from {parent}\n".encode()
    for path, content in files.items():
        if content is None:
            yield f"D {path}\n".encode()
        else:
            yield f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"


def entries(listing: bytes) -> Iterator[Entry]:
    """What `ls-tree -z -l` lists."""
    for line in listing.decode(errors="replace").split("\0"):
        if line:
            facts, path = line.split("\t", 1)
            mode, kind, sha, size = facts.split()
            yield Entry(mode, kind, sha, -1 if size == "-" else int(size), path)


def changes(words: Iterator[str], patches: list[str]) -> Iterator[Change]:
    """What `diff-tree --raw -z` lists, with the patch of each file."""
    remaining = iter(patches)
    for facts in words:
        if not facts:
            return
        _, _, _, sha, letter = facts.split()
        first = next(words)
        path, previous = (next(words), first) if letter[0] in "RC" else (first, "")
        yield Change(letter[0], path, previous, sha, _hunks(next(remaining, "")))


def _hunks(patch: str) -> str:
    """A file's patch without its header lines; empty for a binary file."""
    start = patch.find("\n@@")
    return patch[start + 1 :].rstrip("\n") if start >= 0 else ""


def signature(text: str) -> Signature:
    """Who and when, as a commit has it."""
    name, email, time = re.fullmatch(r"(.*?) ?<(.*)> (\d+) .*", text, re.DOTALL).groups()  # type: ignore[union-attr]
    return Signature(name, email, int(time))
