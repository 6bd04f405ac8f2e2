"""requirements.txt, .in and constraints files, read as pip reads them: by logical lines."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from release_tools.bump import requirement
from release_tools.bump.reading import File, Lead, Notes, Package, Reading
from release_tools.bump.refusal import Code, Reason

COMMENT = re.compile(r"(?:^|(?<=\s))#")
MAX_LINE = 10_000  # characters; what is longer is no requirement, and could take long to look at
VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
OPTIONS = re.compile(r"\s+--?[A-Za-z].*", re.DOTALL)
INCLUDES = {"requirement": False, "constraint": True}
GENERATED = re.compile(r"#.*(auto-?generated|@generated|generated (by|with)\b)", re.I)
SOURCE = re.compile(r"(?<![=\w./-])(?!-)[\w./-]+\.(?:in|toml|py|cfg)\b")
NAMED = re.compile(r"require|constraint|(^|[-_.])(deps|dependencies|reqs?)([-_.]|$)", re.I)
HASHED = Reason(
    Code.HASHED,
    "its hashes are those of the versions allowed now",
    "compile the file anew, with the hashes of the version",
)
UNREADABLE = Reason(Code.UNPARSEABLE, "a line that pip cannot read", "mend it")


@dataclass(frozen=True)
class Line:
    """A logical line: its characters without comment, and where each is in the file."""

    text: str
    places: Sequence[int]

    def part(self, start: int, end: int) -> Line:
        """Some of its characters."""
        return Line(self.text[start:end], self.places[start : end + 1])


def claims(path: PurePath) -> bool:
    """Text files; those not named like one count only where they hold a version of the package."""
    return path.suffix.lower() in {".txt", ".in", ".pip"}


def read(file: File, package: Package) -> Reading:
    """What the lines of the file say, options and includes as pip has them."""
    notes = Notes(file)
    surely = file.required or file.constraint or bool(NAMED.search("/".join(file.path.parts[-2:])))
    constraint = file.constraint or "constraint" in file.path.name.lower()
    generated = _generated(file.text)
    for line in _logical_lines(file.text):
        if len(line.text) > MAX_LINE:
            if package.mentions(line.text):
                notes.refuse(UNREADABLE, line.places[0], line.text[:80])
        elif line.text.lstrip().startswith("-"):
            _note_option(notes, package, line, surely)
        elif surely or _is_versioned(line, package):
            _note_requirement(notes, package, line, constraint, generated)
    return notes.reading()


def _logical_lines(text: str) -> Iterator[Line]:
    """Lines joined at a backslash and without comments, as pip joins them."""
    joined, places, place = list[str](), list[int](), 0
    for raw in text.splitlines(keepends=True):
        line = raw.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        comment = line.lstrip().startswith("#")
        ends = comment or not line.endswith("\\")
        kept = line if ends else line.rstrip("\\")
        here = range(place, place + len(kept) + 1)
        if ends and not places:
            yield from _without_comment(kept, here)
        elif comment:  # pip puts a space before it, so that it is seen as one
            yield from _without_comment("".join(joined), [*places, place])
        else:
            joined.append(kept)
            places.extend(here[:-1])
            if ends:
                yield from _without_comment("".join(joined), [*places, here[-1]])
        if ends:
            joined, places = [], []
        place += len(raw)
    yield from _without_comment("".join(joined), [*places, place])


def _without_comment(text: str, places: Sequence[int]) -> Iterator[Line]:
    comment = COMMENT.search(text)
    kept = text[: comment.start()].rstrip() if comment else text
    if kept.strip():
        yield Line(kept, places[: len(kept) + 1])


def _note_requirement(
    notes: Notes, package: Package, line: Line, constraint: bool, generated: Reason | None
) -> None:
    options = OPTIONS.search(line.text)
    end = options.start() if options else len(line.text)
    wanted = line.part(0, len(line.text[:end].rstrip()))
    obstacle = _obstacle(wanted.text)
    if obstacle and package.mentions(wanted.text):
        notes.refuse(obstacle, wanted.places[0], wanted.text)
        return
    held = generated or (HASHED if "--hash" in line.text[end:] else None)
    requirement.note(notes, package, wanted.text, wanted.places, constraint=constraint, held=held)


def _obstacle(text: str) -> Reason | None:
    """Why this is no requirement of an index's package with a version that is written out."""
    address = "://" in text or text.startswith((".", "/", "file:")) or text.endswith((".whl", ".gz", ".zip"))
    if address and requirement.locate(text) is requirement.UNPARSEABLE:
        return requirement.DIRECT
    return requirement.DYNAMIC if VARIABLE.search(text) and not address else None


def _note_option(notes: Notes, package: Package, line: Line, surely: bool) -> None:
    """An include leads to another file; `-e` may name the package; others say nothing of it."""
    try:
        words = shlex.split(line.text)
    except ValueError:
        if surely and package.mentions(line.text):
            notes.refuse(UNREADABLE, line.places[0], line.text)
        return
    for option, value in _options(words):
        if option in INCLUDES and "://" not in value:
            target = notes.file.path.parent / value
            notes.leads.append(Lead(target, notes.line(line.places[0]), INCLUDES[option], surely))
        elif surely and option == "editable" and package.mentions(value):
            notes.refuse(requirement.DIRECT, line.places[0], line.text)


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Options that matter with their values: `-r x`, `-rx`, `--requirement=x`, `--req x` alike."""
    queue = list(words)
    while queue:
        word = queue.pop(0)
        short = {"r": "requirement", "c": "constraint", "e": "editable"}.get(word[1:2])
        name, equals, value = word.partition("=")
        if word.startswith("--"):
            known = [long for long in ("requirement", "constraint", "editable") if long.startswith(name[2:])]
            if len(known) == 1 and len(name) > 4 and name != "--require-hashes":
                yield known[0], value if equals else (queue.pop(0) if queue else "")
        elif word.startswith("-") and short:
            yield short, word[2:].removeprefix("=") or (queue.pop(0) if queue else "")


def _is_versioned(line: Line, package: Package) -> bool:
    """Whether the line is a requirement of the package with a version: prose hardly ever is."""
    found = requirement.locate(line.text.strip())
    named = isinstance(found, requirement.Located) and package.is_named(found.name)
    return named and found.start < found.end  # type: ignore[union-attr]


def _generated(text: str) -> Reason | None:
    """Why a file that a tool compiled is not edited, naming what it was compiled from."""
    head: list[str] = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            break
        head.append(line)
    if not GENERATED.search("\n".join(head)):
        return None
    sources = SOURCE.findall(re.sub(r"(-o|--output-file)[ =]\S+", "", "\n".join(head)))
    source = ", ".join(dict.fromkeys(sources)) or "what it was made from"
    return Reason(
        Code.GENERATED_FILE,
        f"it is compiled from {source}",
        f"raise the minimum in {source}, then compile it anew",
    )
