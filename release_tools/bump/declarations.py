"""Finds the files under a folder that declare a package, and reads them with what they include."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from convergence.errors import UserError
from release_tools.bump import formats, textfile
from release_tools.bump.reading import File, Format, Lead, Package, Reading
from release_tools.bump.refusal import Code, Reason, Refusal

MAX_BYTES = 8 * 2**20
LEFT_OUT = re.compile(  # what other people wrote, or a program
    r"\.(git|hg|svn|bzr|venv|tox|nox|eggs|cache|mypy_cache|pytest_cache|ruff_cache|direnv|ipynb_checkpoints)"
    r"|node_modules|__pycache__|site-packages|build|_build|dist|bazel-.*|.*\.egg-info|.*\.dist-info"
    r"|_?vendor(ed)?|third[-_]?party|externals?",
    re.I,
)
FOREIGN = {".git", "pyvenv.cfg"}  # a folder with one of these is another repository, or an environment
NO_TEXT = Reason(
    Code.UNPARSEABLE, f"no text of at most {MAX_BYTES >> 20} MiB", "name the file that declares the package"
)
INCLUDES = re.compile(rb"^\s*(-[rc]|--req|--con)", re.M)


@dataclass(frozen=True)
class Found:
    """A file that has to do with the package.

    Attributes:
      path: as a person would name it.
      target: what is written, where `path` is a link.
      content: its bytes when they were read, `file` their characters.
    """

    path: Path
    target: Path
    content: bytes
    decoded: textfile.Decoded
    file: File
    reading: Reading
    format: Format


@dataclass(frozen=True)
class Search:
    """All that was found, each file once, and what could not be read."""

    found: tuple[Found, ...]
    refusals: tuple[Refusal, ...]


def search(paths: Iterable[Path], package: Package) -> Search:
    """Read the files among `paths`, the declaring files under the folders among them, and what those include.

    Raises:
      UserError: `no-such-path`, `not-readable`.
    """
    reader = _Reader(package)
    for path in paths:
        reader.roots = _roots(path)
        if path.is_dir():
            for file in declaring(path, package):
                reader.read(file)
        elif path.is_file():
            reader.read(path, named=True)
        else:
            raise UserError("no-such-path", "there is no such file or folder", where=str(path))
    return Search(tuple(reader.found.values()), tuple(reader.refusals))


def declaring(folder: Path, package: Package) -> Iterator[Path]:
    """Files under the folder that a format claims and that name the package or include others."""
    parts = [part.encode() for part in package.name.split("-")]
    claimed: dict[str, bool] = {}
    for entry in _entries(str(folder)):
        if entry.name not in claimed:
            claimed[entry.name] = formats.of(PurePath(entry.name)) is not None
        if not claimed[entry.name]:
            continue
        path = Path(entry.path)
        content = _content(path)
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
        lower = content.lower()
        if wide or all(part in lower for part in parts) or (path.suffix != ".py" and _includes(content)):
            yield path


def _includes(content: bytes) -> bool:
    return (b"-r" in content or b"-c" in content) and bool(INCLUDES.search(content))


def files(folder: Path) -> Iterator[Path]:
    """Regular files under a folder, in order, without the trees that are left out."""
    return (Path(entry.path) for entry in _entries(str(folder)))


def _entries(folder: str, *, top: bool = True) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    if not top and not FOREIGN.isdisjoint(entry.name for entry in entries):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not LEFT_OUT.fullmatch(entry.name):
                yield from _entries(entry.path, top=False)
        elif entry.is_file():
            yield entry


class _Reader:
    """Reads files, each once, and follows what they include within the roots."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.roots: tuple[Path, ...] = ()
        self.found: dict[Path, Found] = {}
        self.refusals: list[Refusal] = []

    def read(self, path: Path, *, named: bool = False, lead: Lead | None = None) -> None:
        target = path.resolve()
        known = self.found.get(target)
        if known and not (lead and lead.constraint):
            return
        if not named and not self._is_ours(target):
            self._refuse(
                Reason(Code.UNSUPPORTED, "a link to a file of another project", "name that file"), path
            )
            return
        content = _content(path)
        decoded = textfile.decode(content) if len(content) <= MAX_BYTES else None
        if decoded is None:
            if named or lead:
                self._refuse(NO_TEXT, path)
            return
        format_ = formats.of(path) or (formats.requirements_format() if lead else formats.unknown())
        file = File(path, decoded.text, bool(lead and lead.constraint), required=lead is not None)
        reading = format_.read(file, self.package)
        self.found[target] = Found(path, target, content, decoded, file, reading, format_)
        if named and reading == Reading(beside=reading.beside, python=reading.python):
            self._refuse(not_declared(self.package), path)
        if known is None:
            for further in reading.leads:
                self._follow(further, path)

    def _follow(self, lead: Lead, origin: Path) -> None:
        target = _target(lead.path)
        if target is None:
            if not lead.sure:
                return
            reason = Reason(
                Code.UNPARSEABLE, "it includes a file that is not there", "mend it, or make the file"
            )
        elif not self._is_ours(target):
            reason = Reason(Code.UNSUPPORTED, "it includes a file of another project", "name that file, too")
        else:
            short = Path(os.path.normpath(lead.path))
            self.read(short if short.resolve() == target else lead.path, lead=lead)
            return
        self._refuse(reason, origin, lead.line, str(lead.path))

    def _is_ours(self, target: Path) -> bool:
        return any(target.is_relative_to(root) for root in self.roots)

    def _refuse(self, reason: Reason, path: Path, line: int = 0, text: str = "") -> None:
        self.refusals.append(Refusal(reason, path, line, text))


def _target(path: Path) -> Path | None:
    """The file that a path leads to; None where there is none, as for what is no path at all."""
    try:
        target = path.resolve()
        return target if target.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, a null, a circle of links
        return None


def not_declared(package: Package) -> Reason:
    """That the package is not required there."""
    return Reason(
        Code.NOT_DECLARED,
        f"{package.name} is not required",
        "name a file that requires it, or another --package",
    )


def _roots(path: Path) -> tuple[Path, ...]:
    """The folders within which includes are followed: the repository's, and ours where we stand in it."""
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    repository = next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)
    here = Path.cwd()
    return (repository, here) if folder.is_relative_to(here) else (repository,)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError("not-readable", f"cannot read: {error.strerror}", where=str(path)) from error
