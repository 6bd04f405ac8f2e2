"""Where finished work is kept between runs, and how it gets there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from filelock import FileLock

from convergence.model import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READY = ".complete"  # written last, so a folder without it is the rest of an interrupted run


def root() -> Path:
    """The cache folder: `RELEASE_TOOLS_CACHE`, or the platform's place for it."""
    chosen = os.environ.get("RELEASE_TOOLS_CACHE")
    return Path(chosen).absolute() if chosen else platformdirs.user_cache_path("tfmot-release-tools")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that belongs to `path`, whose parent is made; other processes wait."""
    make_folder(path.parent)
    with FileLock(path.parent / f"{path.name}.lock"):
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
        raise UserError("not-writable", f"cannot write: {error.strerror}", where=str(path)) from error


def fill(path: Path, make: Callable[[Path], None]) -> Path:
    """The folder `path`, filled in place by `make` unless that has succeeded before.

    In place, since a virtual environment cannot be moved.
    """
    with locked(path):
        if not (path / READY).exists():
            shutil.rmtree(path, ignore_errors=True)
            make(path)
            (path / READY).touch()
    return path


def write(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it.

    Raises:
      UserError: `not-writable`.
    """
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise UserError("not-writable", f"cannot write: {error.strerror}", where=str(path)) from error
    finally:
        Path(name).unlink(missing_ok=True)
