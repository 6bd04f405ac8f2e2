"""Decides what raising a minimum version changes in the files that were found; writes nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

from convergence.errors import UserError
from release_tools.bump import declarations, floors
from release_tools.bump.declarations import Found, Search
from release_tools.bump.floors import PEP440, Dialect, Edit, Options
from release_tools.bump.reading import Declaration, Package
from release_tools.bump.refusal import Code, Reason, Refusal


@dataclass(frozen=True)
class Target:
    """Whose minimum is raised, and to what."""

    package: Package
    version: Version


@dataclass(frozen=True)
class Raised:
    """One declaration: what it allows and what it will allow, in its own dialect."""

    path: Path
    line: int
    shown: str
    before: str
    after: str
    dialect: Dialect = PEP440


@dataclass(frozen=True)
class Change:
    """New content for a file, as bytes and as text; `target` is what is written, where `path` is a link."""

    path: Path
    target: Path
    before: bytes
    after: bytes
    texts: tuple[str, str]

    @property
    def diff(self) -> str:
        """The change as a patch."""
        old, new = (text.splitlines(keepends=True) for text in self.texts)
        lines = difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}")
        end = "\n\\ No newline at end of file\n"
        return "".join(line if line.endswith("\n") else f"{line}{end}" for line in lines)


@dataclass(frozen=True)
class Decision:
    """What is to be done: changes, or the refusals for which nothing is done.

    Attributes:
      unchanged: declarations whose floor is high enough.
    """

    package: Package
    version: Version
    raised: tuple[Raised, ...]
    unchanged: tuple[Raised, ...]
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]

    def refused(self, refusals: Iterable[Refusal]) -> Decision:
        """The same with further refusals, and so without changes."""
        both = (*self.refusals, *refusals)
        return replace(self, refusals=both, changes=() if both else self.changes)


def decide(found: Search, target: Target, options: Options) -> Decision:
    """Raise the floor in every file, or say in each place why not."""
    package, version = target.package, target.version
    raised: list[Raised] = []
    refusals = list(found.refusals)
    edited: list[tuple[Found, set[Edit]]] = []
    for file in found.found:
        refusals += file.reading.refusals
        edits: set[Edit] = set()
        for declaration in file.reading.declarations:
            answer = _raise(declaration, version, options)
            if isinstance(answer, Reason):
                refusals.append(Refusal(answer, file.path, declaration.line, declaration.shown))
                continue
            after = floors.applied(declaration.specifier, answer)
            raised.append(
                Raised(
                    file.path,
                    declaration.line,
                    declaration.shown,
                    declaration.specifier,
                    after,
                    declaration.dialect,
                )
            )
            edits.update(_placed(edit, declaration) for edit in answer)
        if edits:
            edited.append((file, edits))
    if not raised and not refusals:
        refusals.append(Refusal(declarations.not_declared(package)))
    return Decision(
        package,
        version,
        tuple(item for item in raised if item.before != item.after),
        tuple(item for item in raised if item.before == item.after),
        () if refusals else tuple(_change(file, edits, package, version) for file, edits in edited),
        tuple(refusals),
    )


def _raise(declaration: Declaration, version: Version, options: Options) -> tuple[Edit, ...] | Reason:
    answer = floors.raise_floor(declaration.specifier, version, options, declaration.dialect)
    if answer == ():
        return ()
    if declaration.held:
        return declaration.held
    if declaration.constraint and isinstance(answer, Reason) and answer.code is Code.PINNED:
        return replace(answer, code=Code.UPPER_BOUND_CONFLICT)
    return answer


def _placed(edit: Edit, declaration: Declaration) -> Edit:
    """The edit of a specifier as an edit of its file."""
    places = declaration.places
    if edit.start < edit.end:
        return Edit(places[edit.start], places[edit.end - 1] + 1, edit.new)
    place = places[edit.start - 1] + 1 if edit.start else places[0]
    return Edit(place, place, edit.new)


def _change(file: Found, edits: set[Edit], package: Package, version: Version) -> Change:
    text = floors.applied(file.decoded.text, tuple(edits))
    _check(file, text, package, version)
    texts = (file.decoded.text, text)
    return Change(file.path, file.target, file.content, file.decoded.encode(text), texts)


def _check(file: Found, text: str, package: Package, version: Version) -> None:
    """Read the new text again: as many declarations as before, and every floor high enough."""
    again = file.format.read(replace(file.file, text=text), package).declarations
    floor = [
        floors.raise_floor(found.specifier, version, Options(prerelease=True), found.dialect)
        for found in again
    ]
    assert len(again) == len(file.reading.declarations), f"{file.path} would lose a requirement"
    assert all(edits == () for edits in floor), f"{file.path} would not get the minimum everywhere"


def target(
    package: str, words: Sequence[str], *, optional: bool = False
) -> tuple[Package, Target | None, tuple[Path, ...]]:
    """The package, version and paths that a user names; with `optional` the version may be left out.

    Raises:
      UserError: `bad-package`, `bad-version`, `usage`.
    """
    try:
        named = Package(canonicalize_name(package, validate=True))
    except InvalidName as error:
        raise UserError("bad-package", f"{package!r} is no package's name") from error
    if optional and not (words and _is_version(words[0])):
        return named, None, tuple(map(Path, words))
    if not words:
        raise UserError("usage", "Missing argument 'VERSION'", hint="--help says more")
    return named, Target(named, _version(words[0])), tuple(map(Path, words[1:]))


def _version(text: str) -> Version:
    """A version that can be a minimum.

    Raises:
      UserError: `bad-version`.
    """
    if not _is_version(text):
        raise UserError("bad-version", f"{text!r} is no version", hint="0.8.0, for example")
    parsed = Version(text)
    if parsed.local:
        hint = f"{parsed.public}, for example"
        raise UserError("bad-version", f"{text} is a local version, which no minimum can name", hint=hint)
    return parsed


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True
