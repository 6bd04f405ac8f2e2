"""Reads trees from git and wheels from disk into what checks compare; nothing of theirs is run."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from packaging.metadata import parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from convergence.errors import UserError
from release_tools import shell
from release_tools.doctor.subject import Tree, Wheel
from release_tools.wheel import buildgraph, source, tfmot, wheelfile

BUILD_FILES = frozenset(buildgraph.FILE_NAMES)
OTHERS = frozenset({"setup.py", "requirements.txt", "RELEASE.md", "LICENSE", "pip_pkg.sh"})
EPOCH = 1980
LONGEST = 4 * 2**20  # bytes of a text that is read


def tree(commit: source.Commit) -> Tree:
    """A commit's files.

    Raises:
      UserError: `bad-source`; `not-tfmot` for another project.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        root = Path(scratch, "tree")
        source.export(commit, root)
        tfmot.require(root, f"{commit.source} at {commit.sha[:12]}")
        read = folder(root, commit.tag or commit.sha[:12], commit.sha)
    return dataclasses.replace(read, time=datetime.fromtimestamp(commit.time, UTC))


def folder(root: Path, name: str, sha: str = "") -> Tree:
    """The files of a folder, as `tree` has those of a commit."""
    paths = {path.relative_to(root).as_posix(): path for path in root.rglob("*")}
    files = {name: path for name, path in sorted(paths.items()) if path.is_file() and not path.is_symlink()}
    version, version_error = _version(root)
    shipped, walk_error = _shipped(root)
    return Tree(
        name=name,
        sha=sha,
        version=version,
        texts={name: _text(path.read_bytes()) for name, path in files.items() if _is_read(name, path)},
        digests={name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()},
        shipped=shipped,
        version_error=version_error,
        walk_error=walk_error,
    )


def wheel(path: Path) -> Wheel:
    """A wheel of TFMOT; nothing of it is unpacked to disk or run.

    Raises:
      UserError: `bad-wheel`, `not-tfmot`.
    """
    read = wheelfile.read(path)
    if read.name not in [channel.value for channel in tfmot.Channel]:
        raise UserError("not-tfmot", f"not a wheel of TFMOT but of {read.name}", where=str(path))
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        texts = {name: _text(archive.read(name)) for name in names if name.endswith(".py")}
        info = [name for name in names if name.partition("/")[0].endswith(".dist-info")]
        metadata = next(name for name in info if name.endswith(".dist-info/METADATA"))
        raw, _ = parse_email(archive.read(metadata))
        built = _built(archive)
    return Wheel(
        name=path.name,
        version=read.version,
        tag=read.tag,
        requires=_requirements(read.requires, path),
        requires_python=raw.get("requires_python", ""),
        members=read.members,
        info=tuple(name.partition("/")[2] for name in info),
        texts=texts,
        built=built,
    )


def tags(commit: source.Commit, *, merged: bool) -> Mapping[Version, str]:
    """Tags that name a version; only those that the commit comes after, if `merged`."""
    chosen = ["--merged", commit.sha] if merged else []
    command = ["git", f"--git-dir={commit.repository}", "tag", "--list", "v*", *chosen]
    found = {}
    for name in shell.run(command).out.split():
        version = tag_version(name)
        if version is not None:
            found[version] = name
    return dict(sorted(found.items()))


def tags_at(commit: source.Commit) -> tuple[str, ...]:
    """The tags of exactly this commit."""
    command = ["git", f"--git-dir={commit.repository}", "tag", "--points-at", commit.sha]
    return tuple(shell.run(command).out.split())


def is_shallow(commit: source.Commit) -> bool:
    """Whether the history behind the commit is cut off."""
    command = ["git", f"--git-dir={commit.repository}", "rev-parse", "--is-shallow-repository"]
    return shell.run(command).out.strip() == "true"


def tag_version(name: str) -> Version | None:
    """The version that a tag names: `v0.8.1`."""
    try:
        return Version(name.removeprefix("v")) if name.startswith("v") else None
    except InvalidVersion:
        return None


def _built(archive: zipfile.ZipFile) -> datetime | None:
    """The latest time in a zip, whose times begin in 1980: what bears that year was made to bear it."""
    try:
        times = [datetime(*info.date_time, tzinfo=UTC) for info in archive.infolist()]
    except ValueError:
        return None
    return max((time for time in times if time.year > EPOCH), default=None)


def _version(root: Path) -> tuple[Version | None, str]:
    """What version.py says; before 0.2 it had no suffix, so that it is read leniently."""
    try:
        return tfmot.declared_version(root, ""), ""
    except UserError as error:
        return None, error.what


def _shipped(root: Path) -> tuple[tuple[str, ...] | None, str]:
    try:
        return buildgraph.shipped(root), ""
    except UserError as error:
        return None, str(error)


def _is_read(name: str, path: Path) -> bool:
    last = PurePosixPath(name).name
    wanted = name.endswith(".py") or last in BUILD_FILES or name in OTHERS
    return wanted and path.stat().st_size <= LONGEST


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _requirements(lines: tuple[str, ...], path: Path) -> tuple[Requirement, ...]:
    try:
        return tuple(Requirement(line) for line in lines)
    except InvalidRequirement as error:
        raise UserError(
            "bad-wheel", f"its METADATA has no valid requirement: {error}", where=str(path)
        ) from error
