"""setup.py: the lists that its `setup()` is given, followed through names; read as text, never run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from release_tools.bump import requirement
from release_tools.bump.reading import File, Lead, Notes, Package, Reading
from release_tools.bump.refusal import Code, Reason

if TYPE_CHECKING:
    import libcst as cst

    from release_tools.bump.pylists import Computed, Source, Text

MAIN = "install_requires"
LISTS = {MAIN, "extras_require", "setup_requires", "tests_require"}
FILES = (".txt", ".in", ".pip")
COMPUTED = Reason(
    Code.DYNAMIC, "only running the file would tell what it requires", "write it out as a plain list"
)
ASIDE = Reason(
    Code.DYNAMIC, "it is not in a list that setup() is seen to get", "give the list to setup() by name"
)
ESCAPED = Reason(Code.UNPARSEABLE, "it is not written as one plain string", "write it as one")


def claims(path: PurePath) -> bool:
    """By its one name."""
    return path.name == "setup.py"


def read(file: File, package: Package) -> Reading:
    """What the lists say; where they come from a requirements file, that file is named."""
    from release_tools.bump.pylists import Source

    notes = Notes(file)
    try:
        source = Source(file.text)
    except ValueError as error:
        place = next(iter(package.mentions(file.text)), 0)
        notes.refuse(Reason(Code.UNPARSEABLE, f"not Python: {error}", "mend it"), place)
        return notes.reading()
    seen = _note_lists(notes, package, source)
    for text in source.strings():
        if id(text.node) not in seen and _is_versioned(package, text.value):
            notes.refuse(ASIDE, text.place)
    return notes.reading()


def _note_lists(notes: Notes, package: Package, source: Source) -> set[int]:
    """Note what `setup()` is given; the string literals that were seen on the way."""
    from release_tools.bump.pylists import Computed

    seen: set[int] = set()
    computed: list[Computed] = []
    for keyword, value in _keywords(source):
        if keyword == "python_requires":
            notes.python = next((text.value for text in source.strings(value)), "")
        for item in source.follow(value) if keyword in LISTS else ():
            if isinstance(item, Computed):
                computed.append(item)
            elif id(item.node) not in seen:
                seen.add(id(item.node))
                _note_text(notes, package, item, main=keyword == MAIN)
    for item in computed:
        seen |= _note_computed(notes, package, source, item)
    if computed and not (notes.declarations or notes.leads or notes.refusals):
        notes.refuse(COMPUTED, computed[0].place)
    return seen


def _keywords(source: Source) -> Iterator[tuple[str, cst.BaseExpression]]:
    for call in source.calls("setup"):
        yield from source.keywords(call)


def _note_text(notes: Notes, package: Package, text: Text, *, main: bool) -> None:
    """Note the requirements of a string, one a line."""
    before = len(notes.beside)
    if not text.plain:
        if package.mentions(text.value):
            notes.refuse(ESCAPED, text.place)
        return
    place = text.place
    for raw in text.value.splitlines(keepends=True):
        line = raw.strip()
        if line and not line.startswith("#"):
            start = place + raw.index(line)
            requirement.note(notes, package, line, range(start, start + len(line) + 1))
        place += len(raw)
    if not main:  # extras may exclude each other
        del notes.beside[before:]


def _note_computed(notes: Notes, package: Package, source: Source, item: Computed) -> set[int]:
    """Note the files that a computed value is read from; refuse it if it names the package itself."""
    seen = set()
    for node in source.reached(item.node):
        for text in source.strings(node):
            seen.add(id(text.node))
            if text.value.lower().endswith(FILES) and "\n" not in text.value:
                notes.leads.append(
                    Lead(notes.file.path.parent / text.value, notes.line(text.place), sure=False)
                )
            elif package.mentions(text.value) and " " not in text.value.strip():
                notes.refuse(COMPUTED, text.place)
    return seen


def _is_versioned(package: Package, text: str) -> bool:
    """Whether it is a requirement of the package with a version."""
    found = requirement.locate(text) if package.mentions(text) else None
    return isinstance(found, requirement.Located) and package.is_named(found.name) and found.start < found.end
