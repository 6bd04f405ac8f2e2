"""Where finished work is kept between runs, and how it gets there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from convergence.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

READY = ".complete"  # written last, so a folder without it is the rest of an interrupted run


def root() -> Path:
    """The cache folder: `RELEASE_TOOLS_CACHE`, or the platform's place for it."""
    chosen = os.environ.get("RELEASE_TOOLS_CACHE")
    return Path(chosen).absolute() if chosen else platformdirs.user_cache_path("tfmot-release-tools")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that belongs to `path`, whose parent is made; other processes wait.

    Raises:
      UserError: `not-writable`.
    """
    make_folder(path.parent)
    lock = path.parent / f"{path.name}.lock"
    try:
        file = lock.open("ab")
    except OSError as error:
        raise _not_writable(lock, error) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed; the library for this takes longer to import
        yield


def make_folder(path: Path) -> None:
    """Make a folder and its parents, and see that files can be written there.

    Raises:
      UserError: `not-writable`.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise _not_writable(path, error) from error


def fill(path: Path, make: Callable[[Path], None], sound: Callable[[Path], bool] = lambda _: True) -> Path:
    """The folder `path`, filled in place by `make` unless that has succeeded before.

    In place, since a virtual environment cannot be moved.

    Args:
      sound: whether what is there can still be used; if not, it is made anew.
    """
    with locked(path):
        if not (path / READY).exists() or not sound(path):
            remove(path)
            make(path)
            (path / READY).touch()
    return path


def remove(path: Path) -> None:
    """Remove a folder with all that is in it, or whatever lies in its place, as far as that is possible."""
    shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def write(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it.

    Raises:
      UserError: `not-writable`.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write files as `write` does; none takes its place before all are written.

    Raises:
      UserError: `not-writable`.
    """
    written: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            make_folder(path.parent)
            try:
                written[path] = _write_beside(path, content)
            except OSError as error:
                raise _not_writable(path, error) from error
        for path, scratch in written.items():
            try:
                scratch.replace(path)
            except OSError as error:
                raise _not_writable(path, error) from error
    finally:
        for scratch in written.values():
            scratch.unlink(missing_ok=True)


def _write_beside(path: Path, content: bytes) -> Path:
    """A new file beside `path` that can take its place."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _not_writable(path: Path, error: OSError) -> UserError:
    return UserError("not-writable", f"cannot write: {error.strerror}", where=str(path))
