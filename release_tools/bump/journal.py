"""Replaces the content of several files: all of them, or none, even when killed in between.

Before the first file is replaced, the old contents are written down; whoever comes next puts them back.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
import stat
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from convergence.errors import UserError
from release_tools import cache

UNDO = "undo.json"
SYNCS_AT_ONCE = 16
ANYBODY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Replacement:
    """A file's content as it was read, and as it shall be."""

    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True)
class _Noted:
    """What is needed to undo one replacement; `after` is the new content's SHA-256."""

    path: Path
    scratch: Path
    before: bytes
    after: str


def folder() -> Path:
    """Where interrupted work is written down."""
    return cache.root() / "bump"


def recover() -> tuple[Path, ...]:
    """Undo what an earlier run was killed in the middle of; the files that were put back.

    Raises:
      UserError: `not-writable`.
    """
    if not (folder() / UNDO).exists():
        return ()
    with cache.locked(folder() / UNDO):
        return _undo()


def replace_all(replacements: Sequence[Replacement]) -> None:
    """Write all new contents beside their files, then let them take their places.

    Raises:
      UserError: `not-writable`, `changed-meanwhile`; no file is changed then.
    """
    if not replacements:
        return
    with cache.locked(folder() / UNDO):
        _undo()
        scratches = {item.path: _beside(item.path) for item in replacements}
        _write_down(replacements, scratches)
        try:
            for item in replacements:
                _write(scratches[item.path], item.after, item.path)
            for scratch, error in _sync(scratches.values()).items():
                raise _not_writable(scratch, error)
            _take_places(replacements, scratches)
        finally:
            _undo()


def _take_places(replacements: Sequence[Replacement], scratches: Mapping[Path, Path]) -> None:
    for item in replacements:
        if item.path.read_bytes() != item.before:
            raise UserError(
                "changed-meanwhile", "somebody changed the file", where=str(item.path), hint="try again"
            )
    for item in replacements:
        try:
            os.replace(scratches[item.path], item.path)  # noqa: PTH105 - the tests kill us here
        except OSError as error:
            raise _not_writable(item.path, error) from error
    _sync({item.path.parent for item in replacements})


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _write(scratch: Path, content: bytes, path: Path) -> None:
    """Content for `path` in a new file beside it, with its owner, mode and attributes."""
    try:
        status = path.stat()
        if not status.st_mode & ANYBODY_WRITES or not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, "it is read-only")
        with scratch.open("xb") as file:
            file.write(content)
        shutil.copystat(path, scratch)
        os.utime(scratch)
        if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            with contextlib.suppress(PermissionError):
                os.chown(scratch, status.st_uid, status.st_gid)
    except OSError as error:
        raise _not_writable(path, error) from error


def _write_down(replacements: Sequence[Replacement], scratches: Mapping[Path, Path]) -> None:
    noted = [
        {
            "path": str(item.path),
            "scratch": str(scratches[item.path]),
            "before": base64.b64encode(item.before).decode(),
            "after": hashlib.sha256(item.after).hexdigest(),
        }
        for item in replacements
    ]
    cache.write(folder() / UNDO, json.dumps(noted).encode())
    _sync([folder() / UNDO])
    _sync([folder()])


def _undo() -> tuple[Path, ...]:
    """Put back the old contents unless all files were replaced; what somebody has changed since, stays."""
    noted = _noted()
    new = [entry for entry in noted if _digest(entry.path) == entry.after]
    back = new if len(new) < len(noted) else []
    for entry in back:
        scratch = _beside(entry.path)
        _write(scratch, entry.before, entry.path)
        _sync([scratch])
        os.replace(scratch, entry.path)  # noqa: PTH105
    for entry in noted:
        entry.scratch.unlink(missing_ok=True)
    (folder() / UNDO).unlink(missing_ok=True)
    return tuple(entry.path for entry in back)


def _noted() -> list[_Noted]:
    """What was written down; nothing if that cannot be read, for it is written at once or not at all."""
    try:
        return [
            _Noted(Path(e["path"]), Path(e["scratch"]), base64.b64decode(e["before"]), str(e["after"]))
            for e in json.loads((folder() / UNDO).read_bytes())
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _sync(paths: Iterable[Path]) -> dict[Path, OSError]:
    """Have files and folders on the disk, and say which are not.

    Many at the same time, since the disk then writes them down together.
    """
    whole, failed = list(paths), dict[Path, OSError]()
    parts = [whole[start::SYNCS_AT_ONCE] for start in range(min(len(whole), SYNCS_AT_ONCE))]
    threads = [threading.Thread(target=_sync_each, args=(part, failed)) for part in parts[1:]]
    for thread in threads:
        thread.start()
    _sync_each(parts[0], failed)
    for thread in threads:
        thread.join()
    return failed


def _sync_each(paths: Iterable[Path], failed: dict[Path, OSError]) -> None:
    for path in paths:
        try:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            failed[path] = error


def _not_writable(path: Path, error: OSError) -> UserError:
    return UserError("not-writable", f"cannot write: {error.strerror}", where=str(path))
