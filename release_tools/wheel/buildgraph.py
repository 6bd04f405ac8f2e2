"""Which files ship: those that TFMOT's BUILD targets name, walked from the target of the pip package.

BUILD files are read as Python syntax and never run.
"""

from __future__ import annotations

import ast
import difflib
import fnmatch
import glob
import itertools
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from convergence.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PIP_PACKAGE = "//tensorflow_model_optimization:tensorflow_model_optimization"
FILE_NAMES = ("BUILD.bazel", "BUILD")
EDGES = ("srcs", "deps", "data", "actual")
NOT_TARGETS = frozenset({"exports_files", "licenses", "load", "package"})
MAKE_FILES = frozenset({"genrule", "run_binary"})
DEFAULT_CONDITION = "//conditions:default"
MAX_LABEL, MAX_STARS, MAX_STRINGS = 1000, 30, 10_000  # far above TFMOT's own
PATH = r"[\w.+=,~-][\w./+=,~-]*"  # never absolute, for it is joined to the root
Pattern = tuple[re.Pattern[str] | None, ...]  # by segment; None is `**`
LABEL = re.compile(rf"(?://(?P<package>(?:{PATH})?))?(?::?(?P<name>{PATH}))?")


@dataclass(frozen=True)
class Place:
    """A line of a BUILD file, to point at in errors."""

    file: str
    line: int

    def error(self, what: str, hint: str = "") -> UserError:
        """A UserError that points here."""
        return UserError("build-file", what, where=f"{self.file}:{self.line}", hint=hint)


@dataclass(frozen=True)
class Label:
    """`//package:name`, of a target or of a file."""

    package: str
    name: str

    def __str__(self) -> str:
        return f"//{self.package}:{self.name}"

    @property
    def path(self) -> str:
        """Where the file of this label would be, relative to the root."""
        return f"{self.package}/{self.name}".removeprefix("/")


@dataclass(frozen=True)
class Target:
    """A rule of a BUILD file: its kind and its attributes, not yet evaluated."""

    kind: str
    attributes: Mapping[str, ast.expr]
    place: Place


@dataclass(frozen=True)
class Package:
    """A folder with a BUILD file: the targets it defines and the constants it assigns.

    Attributes:
      values: of those constants that have been evaluated.
    """

    folder: Path
    path: str
    file: str
    targets: Mapping[str, Target]
    constants: Mapping[str, ast.expr]
    values: dict[str, list[tuple[str, Place]]] = field(default_factory=dict)


def has_build_file(root: Path) -> bool:
    """Whether the tree has the BUILD file that the walk begins with."""
    return _build_file(root / "tensorflow_model_optimization") is not None


def shipped(root: Path, start: str = PIP_PACKAGE) -> tuple[str, ...]:
    """Paths of all files that the target `start` and its dependencies name, sorted.

    Raises:
      UserError: `build-file`, with file and line, for whatever the walk does not understand.
    """
    packages: dict[str, Package] = {}
    origin = Place("BUILD", 1)
    first = Label(*start.removeprefix("//").split(":"))
    waiting, seen, files = [(first, origin)], {first}, set()
    while waiting:
        label, place = waiting.pop()
        if label.package not in packages:
            packages[label.package] = _package(root, label, place)
        package = packages[label.package]
        if label.name not in package.targets:
            files.add(_file(root, label, package, place))
            continue
        edges = [edge for edge in _edges(package, package.targets[label.name]) if edge[0] not in seen]
        seen.update(edge[0] for edge in edges)
        waiting += edges
    return tuple(sorted(files))


def _file(root: Path, label: Label, package: Package, place: Place) -> str:
    """The path of a label that is no target, and so must be a file."""
    if not _is_file(root / label.path):
        names = [*package.targets, *(path.name for path in package.folder.iterdir())]
        close = difflib.get_close_matches(label.name, names, n=3)
        raise place.error(f"{label} points nowhere", hint=f"close: {', '.join(close)}" if close else "")
    return label.path


def _edges(package: Package, target: Target) -> Iterator[tuple[Label, Place]]:
    """Every label in the attributes of a target that lead on; those of other repositories are left out."""
    if target.kind in MAKE_FILES:
        raise target.place.error(f"{target.kind} makes files while building, which only Bazel can do")
    for attribute in EDGES:
        if attribute not in target.attributes:
            continue
        value = target.attributes[attribute]
        try:
            found = _evaluated(value, package)
        except RecursionError as error:
            raise target.place.error(f"{attribute} refers to itself or is nested too deeply") from error
        for text, place in found:
            label = _label(text, package.path, place)
            if label is not None:
                yield label, place


def _label(text: str, package: str, place: Place) -> Label | None:
    """The label written `text` in `package`; None for one of another repository."""
    if text.startswith("@") and not text.startswith(("@//", "@@//")):
        return None
    match = LABEL.fullmatch(text.lstrip("@")) if len(text) <= MAX_LABEL else None
    if not text or match is None or ".." in text:
        raise place.error(f"not a label: {text[:60]!r}")
    if match["package"] is None:
        return Label(package, match["name"])
    return Label(match["package"], match["name"] or match["package"].rpartition("/")[2])


def _evaluated(value: ast.expr, package: Package) -> list[tuple[str, Place]]:
    """The strings in an attribute or a constant, up to a number that no honest one reaches."""
    found = list(itertools.islice(_strings(value, package), MAX_STRINGS + 1))
    if len(found) > MAX_STRINGS:
        raise _place(value, package).error(f"more than {MAX_STRINGS} strings")
    return found


def _constant(name: str, package: Package) -> list[tuple[str, Place]]:
    """The strings in a constant, evaluated once: one may name another twice, and that another twice."""
    if name not in package.values:
        package.values[name] = _evaluated(package.constants[name], package)
    return package.values[name]


def _strings(value: ast.expr, package: Package) -> Iterator[tuple[str, Place]]:
    """The strings in an attribute, with the line of each: lists, `+`, names, glob() and select()."""
    match value:
        case ast.Constant(value=str() as text):
            yield text, _place(value, package)
        case ast.Constant(value=None):
            return
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _strings(part, package)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _strings(left, package)
            yield from _strings(right, package)
        case ast.Name(id=name) if name in package.constants:
            yield from _constant(name, package)
        case ast.Call(func=ast.Name(id="glob")):
            yield from _glob(value, package)
        case ast.Call(func=ast.Name(id="select"), args=[ast.Dict() as branches, *_]):
            yield from _strings(_default(branches, package), package)
        case _:
            hint = "lists, +, constants, glob() and select() are understood"
            raise _place(value, package).error(f"cannot read {_excerpt(value)!r}", hint)


def _default(branches: ast.Dict, package: Package) -> ast.expr:
    """The branch of a select() for any platform: the wheel is pure Python, so there is one for all."""
    for condition, value in zip(branches.keys, branches.values, strict=True):
        if isinstance(condition, ast.Constant) and condition.value == DEFAULT_CONDITION:
            return value
    raise _place(branches, package).error(f"select() without {DEFAULT_CONDITION!r}")


def _glob(call: ast.Call, package: Package) -> Iterator[tuple[str, Place]]:
    """The files that a glob() matches: never those of a folder below with a BUILD file of its own."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    include = call.args[0] if call.args else keywords.get("include")
    exclude = call.args[1] if len(call.args) > 1 else keywords.get("exclude")
    wanted, unwanted = (
        [_pattern(text, place) for text, place in _strings(value, package)] if value else []
        for value in (include, exclude)
    )
    for name in _own_files(package.folder):
        parts = name.split("/")
        if any(_matches(p, parts) for p in wanted) and not any(_matches(p, parts) for p in unwanted):
            yield name, _place(call, package)


def _pattern(text: str, place: Place) -> Pattern:
    """A glob of Bazel: `*` stays within a folder, a whole `**` segment spans any number of them."""
    if text.count("*") > MAX_STARS:
        raise place.error(f"more than {MAX_STARS} stars in {text[:60]!r}")
    segments = text.split("/")
    if segments[-1] == "**":
        segments.append("*")  # it matches what is below a folder, never the folder
    return tuple(None if segment == "**" else _segment(segment) for segment in segments)


def _segment(text: str) -> re.Pattern[str]:
    """One segment of a glob; only the star is special, and fnmatch's pattern does not backtrack."""
    return re.compile(fnmatch.translate("*".join(map(glob.escape, text.split("*")))))


def _matches(pattern: Pattern, parts: Sequence[str]) -> bool:
    """Whether a path matches, in as many steps as pattern and path have segments, multiplied."""
    ends = {0}  # how many parts of the path the pattern can have used up so far
    for segment in pattern:
        if segment is None:
            ends = set(range(min(ends), len(parts) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(parts) and segment.match(parts[end])}
        if not ends:
            return False
    return len(parts) in ends


def _own_files(folder: Path) -> list[str]:
    """The files of a package, relative to it, without those of packages below it."""
    names = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if _build_file(Path(parent, name)) is None]
        names += [Path(parent, name).relative_to(folder).as_posix() for name in files]
    return sorted(names)


def _package(root: Path, label: Label, place: Place) -> Package:
    """Read the BUILD file that a label of this package needs."""
    folder = root / label.package
    path = _build_file(folder)
    if path is None:
        raise place.error(f"{label} points nowhere", hint=f"no BUILD file in {label.package or 'the root'}")
    file = path.relative_to(root).as_posix()
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise Place(file, line).error(f"cannot be parsed: {getattr(error, 'msg', error)}") from error
    targets: dict[str, Target] = {}
    constants: dict[str, ast.expr] = {}
    package = Package(folder, label.package, file, targets, constants)
    for statement in tree.body:
        _read(statement, package, targets, constants)
    return package


def _read(
    statement: ast.stmt, package: Package, targets: dict[str, Target], constants: dict[str, ast.expr]
) -> None:
    """Take in one statement of a BUILD file: a rule, an assignment, or one that defines no target."""
    match statement:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            constants[name] = value
        case ast.Expr(value=ast.Call(func=ast.Name(id=kind))) if kind in NOT_TARGETS:
            return
        case ast.Expr(value=ast.Call(func=ast.Name(id=kind), args=[], keywords=keywords)):
            attributes = {keyword.arg: keyword.value for keyword in keywords if keyword.arg}
            name_value = attributes.get("name")
            place = _place(statement, package)
            if not isinstance(name_value, ast.Constant) or not isinstance(name_value.value, str):
                raise place.error(f"{kind}() has no plain name")
            if len(attributes) < len(keywords) or name_value.value in targets:
                raise place.error(f"{kind}() {name_value.value!r} has ** arguments or is defined twice")
            targets[name_value.value] = Target(kind, attributes, place)
        case _:
            what = f"cannot read {_excerpt(statement)!r}"
            raise _place(statement, package).error(what, hint="only rules are understood")


def _excerpt(node: ast.AST) -> str:
    try:
        return ast.unparse(node).splitlines()[0][:60]
    except RecursionError:
        return type(node).__name__


def _place(node: ast.stmt | ast.expr, package: Package) -> Place:
    return Place(package.file, node.lineno)


def _build_file(folder: Path) -> Path | None:
    return next((folder / name for name in FILE_NAMES if _is_file(folder / name)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for any file
        return False
