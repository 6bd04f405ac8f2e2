"""What a wheel file says and holds: name, version, tag, requirements, members and their digest.

Every member is checked against RECORD on the way; nothing is unpacked or run.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from packaging.metadata import parse_email
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from convergence import content
from convergence.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_BYTES = 512 * 2**20  # unpacked; TFMOT's wheels hold 1 MB
UNSOUND_ZIP = (  # whatever reading a zip that somebody broke, or made to break us, can raise
    EOFError,
    OSError,
    RuntimeError,  # encrypted, and as NotImplementedError a compression that zipfile does not know
    ValueError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)
UNSOUND = (*UNSOUND_ZIP, InvalidVersion, InvalidWheelFilename, KeyError, csv.Error)


@dataclass(frozen=True)
class Wheel:
    """A wheel whose members agree with its RECORD.

    Attributes:
      name: as its METADATA spells it.
      tag: compressed, as in the file name: `py2.py3-none-any`.
      sha256: of the file.
      content_digest: of what it installs, so that a version bump does not change it.
      members: sha256 of every member that is not in dist-info, by path.
    """

    path: Path
    name: str
    version: Version
    tag: str
    requires: tuple[str, ...]
    sha256: str
    content_digest: str
    members: Mapping[str, str]


def read(path: Path) -> Wheel:
    """Read a wheel and check it against its own RECORD.

    Raises:
      UserError: `bad-wheel`.
    """
    try:
        parse_wheel_filename(path.name)  # before anything is read: a name costs nothing
        whole = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            files = _contents(archive)
        info = _dist_info(files)
        _check_places(files, info)
        _check_record(files, f"{info}/RECORD")
        metadata, _ = parse_email(files[f"{info}/METADATA"])
        members = {
            name: hashlib.sha256(data).hexdigest()
            for name, data in sorted(files.items())
            if not name.startswith(f"{info}/")
        }
        return Wheel(
            path=path,
            name=metadata["name"],
            version=Version(metadata["version"]),
            tag="-".join(path.stem.split("-")[-3:]),
            requires=tuple(metadata.get("requires_dist", ())),
            sha256=hashlib.sha256(whole).hexdigest(),
            content_digest=content.digest(members, files.get(content.VERSION_FILE, b"")),
            members=members,
        )
    except UNSOUND as error:
        raise UserError("bad-wheel", f"not a sound wheel: {error}", where=str(path)) from error


def modules(members: Iterable[str]) -> tuple[str, ...]:
    """The importable names of the Python files among `members`."""
    names = (PurePosixPath(name).with_suffix("") for name in members if name.endswith(".py"))
    return tuple(".".join(name.parent.parts if name.name == "__init__" else name.parts) for name in names)


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > MAX_BYTES:
        raise ValueError(f"it unpacks to more than {MAX_BYTES} bytes")
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        raise ValueError("a member is there twice")
    return {info.filename: archive.read(info) for info in infos if not info.is_dir()}


def _dist_info(files: Mapping[str, bytes]) -> str:
    folders = {name.partition("/")[0] for name in files if name.partition("/")[0].endswith(".dist-info")}
    if len(folders) != 1:
        raise ValueError(f"{len(folders)} dist-info folders")
    return folders.pop()


def _check_places(files: Iterable[str], info: str) -> None:
    """Raise a ValueError unless every member lies in TFMOT's package or in dist-info.

    A wheel under test must not replace what tests it, nor anything else that is installed beside it.
    """
    for name in files:
        parts = name.split("/")
        inside = len(parts) > 1 and parts[0] in {content.PACKAGE, info}
        if not inside or not {"", ".", ".."}.isdisjoint(parts) or "\\" in name:
            raise ValueError(f"{name!r} is outside {content.PACKAGE}/")


def _check_record(files: Mapping[str, bytes], record: str) -> None:
    """Raise a ValueError unless RECORD lists every member with its hash and size, and no other."""
    listed = {row[0]: tuple(row[1:]) for row in csv.reader(files[record].decode().splitlines()) if row}
    actual = {name: _record_entry(data) for name, data in files.items()} | {record: ("", "")}
    wrong = sorted(name for name in listed.keys() | actual.keys() if listed.get(name) != actual.get(name))
    if wrong:
        raise ValueError(f"RECORD is wrong about {wrong[0]}")


def _record_entry(data: bytes) -> tuple[str, str]:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest}", str(len(data))
