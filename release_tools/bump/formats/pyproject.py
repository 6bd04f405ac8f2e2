"""pyproject.toml: dependencies as PEP 621, PEP 735, Poetry and build backends have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier
from packaging.version import InvalidVersion

from release_tools.bump import carets, requirement
from release_tools.bump.reading import Declaration, File, Lead, Notes, Package, Reading
from release_tools.bump.refusal import Code, Reason

if TYPE_CHECKING:
    from release_tools.bump.tomltext import Document, Value

MAIN = "project dependencies *"
LISTS = re.compile(  # of PEP 508 requirements; keys are joined with spaces
    rf"{MAIN[:-1]}\*|project optional-dependencies \S+ \*|dependency-groups \S+ \*|build-system requires \*"
    r"|tool uv (dev|constraint|override|build-constraint)-dependencies \*|tool pdm dev-dependencies \S+ \*"
    r"|tool hatch envs \S+ (extra-)?dependencies \*|tool flit metadata requires(-extra \S+)? \*"
)
POETRY = re.compile(
    r"tool poetry (?:group \S+ )?(?:dev-)?dependencies (?P<name>\S+)(?P<inner>( \*)?( version)?)"
)
ADDRESSES = {"git", "path", "url", "file"}
FILES = re.compile(
    r"tool setuptools dynamic (optional-dependencies \S+|dependencies) file( \*)?"
    r"|tool hatch metadata hooks requirements_txt (optional-dependencies \S+|files) \*"
)
ELSEWHERE = Reason(
    Code.UNSUPPORTED, "requirements in this table cannot be raised by this program", "raise it by hand"
)
ESCAPED = Reason(Code.UNPARSEABLE, "it is not written as one plain string", "write it as one")
ALTERNATIVES = Reason(Code.UNSUPPORTED, "alternatives (||) cannot be raised", "write one range")
COMPUTED = Reason(
    Code.DYNAMIC, "the build backend puts the dependencies together", "name the file that it reads"
)


def claims(path: PurePath) -> bool:
    """By its one name."""
    return path.name == "pyproject.toml"


def read(file: File, package: Package) -> Reading:
    """What the tables that declare requirements say; the package in any other table is refused."""
    from release_tools.bump.tomltext import Document

    notes = Notes(file)
    try:
        document = Document(file.text)
    except ValueError as error:
        place = next(iter(package.mentions(file.text)), 0)
        notes.refuse(Reason(Code.UNPARSEABLE, f"not TOML: {error}", "mend it"), place)
        return notes.reading()
    values = list(document.values())
    for value in values:
        _note(notes, package, document, value)
    _note_project(notes, {" ".join(value.keys): value for value in values}, values)
    return notes.reading()


def _note(notes: Notes, package: Package, document: Document, value: Value) -> None:
    keys = " ".join(value.keys)
    poetry = POETRY.fullmatch(keys)
    if isinstance(value.value, Mapping):
        _note_table(notes, package, document, value, poetry)
    elif LISTS.fullmatch(keys):
        _note_requirement(notes, package, document, value, keys)
    elif poetry:
        _note_poetry(notes, package, document, value, poetry["name"])
    elif FILES.fullmatch(keys):
        notes.leads.append(Lead(notes.file.path.parent / value.value, _line(notes, document, value)))
    elif _is_required(package, value):
        notes.refuse(ELSEWHERE, _place(document, value))


def _note_table(
    notes: Notes, package: Package, document: Document, value: Value, poetry: re.Match[str] | None
) -> None:
    """A table in a package's name says where it comes from; without a version it allows any."""
    key = value.keys[-1] if value.keys[-1] != "*" else value.keys[-2]
    if not package.is_named(key) or not ({"dependencies", "sources"} & set(" ".join(value.keys).split())):
        return
    if ADDRESSES & set(value.value) and (poetry or "sources" in value.keys):
        notes.refuse(requirement.DIRECT, _place(document, value))
    elif poetry and "version" not in value.value:
        notes.refuse(
            Reason(Code.UNSUPPORTED, "a table without a version", 'give it one: version = "*"'),
            _place(document, value),
        )


def _note_requirement(notes: Notes, package: Package, document: Document, value: Value, keys: str) -> None:
    start = document.start(value) if package.mentions(value.value) else 0
    if start is None:
        notes.refuse(ESCAPED, _place(document, value))
        return
    text, before = str(value.value), len(notes.beside)
    places = range(start, start + len(text) + 1)
    requirement.note(notes, package, text, places, constraint="constraint" in keys)
    if keys != MAIN:  # groups may exclude each other
        del notes.beside[before:]


def _note_poetry(notes: Notes, package: Package, document: Document, value: Value, name: str) -> None:
    text = str(value.value)
    if name.lower() == "python":
        notes.python = ",".join(_meanings(text))
    if not package.is_named(name):
        return
    start = document.start(value)
    if start is None or "|" in text:
        notes.refuse(ESCAPED if start is None else ALTERNATIVES, _place(document, value))
        return
    line = notes.line(start)
    places = range(start, start + len(text) + 1)
    notes.declarations.append(Declaration(line, f'{name} = "{text}"', text, places, carets.POETRY))


def _note_project(notes: Notes, by_keys: Mapping[str, Value], values: list[Value]) -> None:
    """The target's Python, and where its dependencies come from if not from here."""
    if (python := by_keys.get("project requires-python")) is not None:
        notes.python = str(python.value)
    dynamic = {str(value.value) for value in values if value.keys == ("project", "dynamic", "*")}
    if not dynamic & {"dependencies", "optional-dependencies"} or notes.leads:
        return
    backend = by_keys.get("build-system build-backend")
    if backend is None or "setuptools" in str(backend.value):
        folder = notes.file.path.parent
        notes.leads += [Lead(folder / name, 0, sure=False) for name in ("setup.py", "setup.cfg")]
    elif not notes.declarations:
        notes.refuse(COMPUTED, 0)


def _is_required(package: Package, value: Value) -> bool:
    """Whether it looks like a requirement of the package, in a table that is none we know."""
    if any(package.is_named(key) for key in value.keys) and "dependencies" in " ".join(value.keys):
        return value.keys[-1] == "version" or package.is_named(value.keys[-1])
    found = requirement.locate(str(value.value)) if package.mentions(value.value) else None
    return isinstance(found, requirement.Located) and package.is_named(found.name) and found.start < found.end


def _meanings(text: str) -> Iterator[str]:
    for clause in text.split(","):
        try:
            yield carets.meaning(clause)
        except (InvalidSpecifier, InvalidVersion):
            continue


def _place(document: Document, value: Value) -> int:
    """Where a value is, as well as that can be told."""
    found = document.place(value)
    if found is not None:
        return found
    name = re.escape(next((key for key in reversed(value.keys) if key != "*"), ""))
    match = re.search(rf"{name}[\"']?\s*(=\s*[\[{{]|\])", document.text)
    return match.start() if match else 0


def _line(notes: Notes, document: Document, value: Value) -> int:
    return notes.line(_place(document, value))
