"""Reads folders and zips that anybody may have filled: regular files of expected names and sizes, as bytes.

Nothing is unpacked to disk, no link is followed, and no content is believed here.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from convergence.errors import UserError
from release_tools.wheel.wheelfile import UNSOUND_ZIP

KINDS: Mapping[str, int] = {  # most bytes of a file, by how its name ends
    ".training.json": 4 * 2**20,
    ".failure.json": 2**20,
    ".json": 4 * 2**20,
    ".tflite": 512 * 2**20,
}
DELIVERY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", re.ASCII)
MOST_FILES, MOST_DELIVERIES = 2048, 4096
MOST_BYTES = 2**31  # of one delivery
CHUNK = 2**20


@dataclass(frozen=True)
class Delivery:
    """What one job left: files by name.

    Attributes:
      name: of the folder or zip, for people.
    """

    name: str
    files: Mapping[str, bytes]


def deliveries(folder: Path, expected: Callable[[str], bool]) -> list[Delivery]:
    """What lies in a folder: its own files, or a folder or zip for each job, sorted by name.

    Args:
      expected: whether a file may have this name.

    Raises:
      UserError: bad-artifact, naming the first thing that must not be there.
    """
    if not folder.is_dir():
        return []
    inner, own = [], False
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir(follow_symlinks=False) or entry.name.endswith(".zip"):
            inner.append(entry)
        else:
            own = True
    if own and inner:
        raise refusal(inner[0].name, "lies beside files: give one job's files, or a folder for each job")
    if len(inner) > MOST_DELIVERIES:
        raise refusal(folder.name, f"holds {len(inner)} deliveries; at most {MOST_DELIVERIES} are read")
    if own or not inner:
        return [Delivery(folder.name, _of_folder(folder, expected))] if own else []
    for entry in inner:
        if not DELIVERY_NAME.fullmatch(entry.name):
            raise refusal(entry.name, "is no name of a job")
    return [_delivery(Path(entry.path), expected) for entry in inner]


def refusal(name: str, what: str) -> UserError:
    """The error for something that must not be there."""
    return UserError("bad-artifact", f"{name[:120]!r} {what}")


def _delivery(path: Path, expected: Callable[[str], bool]) -> Delivery:
    if path.is_dir():
        return Delivery(path.name, _of_folder(path, expected))
    with _opened(None, str(path), MOST_BYTES) as (handle, _), os.fdopen(os.dup(handle), "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return Delivery(path.name, _of_zip(archive, expected))
        except UNSOUND_ZIP as error:
            raise refusal(path.name, f"is no sound zip: {error}") from error


def _of_folder(folder: Path, expected: Callable[[str], bool]) -> dict[str, bytes]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        names = sorted(os.listdir(handle))  # noqa: PTH208 - of what is open, whatever its path is now
        _check_names(names, expected)
        budget = MOST_BYTES
        files = {}
        for name in names:
            files[name] = _read(handle, name, min(_most(name), budget))
            budget -= len(files[name])
        return files
    finally:
        os.close(handle)


def read_file(folder: int, name: str) -> bytes | None:
    """A file of an open folder; None where there is none.

    Raises:
      UserError: bad-artifact.
    """
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _read(folder, name, _most(name))


def _read(folder: int, name: str, most: int) -> bytes:
    with _opened(folder, name, most) as (handle, size):
        content = b"".join(_chunks(lambda: os.read(handle, CHUNK), most, name))
    if len(content) != size:
        raise refusal(name, "changed while it was read")
    return content


@contextmanager
def _opened(folder: int | None, name: str, most: int) -> Iterator[tuple[int, int]]:
    """A regular file that nothing else links to, and its size."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        raise refusal(name, f"is no regular file: {error.strerror}") from error
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise refusal(name, "is no regular file of its own")
        if found.st_size > most:
            raise refusal(name, f"has {found.st_size} bytes; at most {most} are read")
        yield handle, found.st_size
    finally:
        os.close(handle)


def _of_zip(archive: zipfile.ZipFile, expected: Callable[[str], bool]) -> dict[str, bytes]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    _check_names(names, expected)
    if len(set(names)) < len(names):
        raise refusal(names[0], "or another file is there twice")
    budget = MOST_BYTES
    files = {}
    for info in infos:
        if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG} or info.is_dir():
            raise refusal(info.filename, "is no regular file")
        most = min(_most(info.filename), budget)
        if info.file_size > most:
            raise refusal(info.filename, f"unpacks to {info.file_size} bytes; at most {most} are read")
        with archive.open(info) as file:  # what is declared may be a lie: count what really comes
            files[info.filename] = b"".join(_chunks(lambda: file.read(CHUNK), most, info.filename))
        budget -= len(files[info.filename])
    return files


def _chunks(read: Callable[[], bytes], most: int, name: str) -> Iterator[bytes]:
    total = 0
    while chunk := read():
        total += len(chunk)
        if total > most:
            raise refusal(name, f"is more than {most} bytes")
        yield chunk


def _check_names(names: list[str], expected: Callable[[str], bool]) -> None:
    if len(names) > MOST_FILES:
        raise refusal(names[0], f"is one of {len(names)} files; at most {MOST_FILES} are read")
    for name in names:
        if not expected(name):
            raise refusal(name, "is not expected here")


def _most(name: str) -> int:
    return next((most for ending, most in KINDS.items() if name.endswith(ending)), 0)
