"""What the release notes say of dependencies is what the metadata says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from release_tools.doctor import declared, notes
from release_tools.doctor.findings import Finding, Untold, blocker, untold
from release_tools.doctor.imports import PROVIDERS
from release_tools.doctor.subject import Need, Subject

title = "what the notes say of dependencies is true"
needs = (Need.TREE,)

MEND = "change setup.py, or say in the notes what is so"
RELAXED = re.compile(r"\b(relax\w*|loosen\w*|widen\w*|unpin\w*)\b", re.IGNORECASE)
TIGHTENED = re.compile(r"\b(tighten\w*|restrict\w*|pins?|pinned|limits?)\b", re.IGNORECASE)
DROPPED = re.compile(r"\b(drop\w*|remov\w*)\b", re.IGNORECASE)
ADDED = re.compile(r"\badd(s|ed)?\b", re.IGNORECASE)
SUPPORTED = re.compile(r"\b(compatib\w*|support\w*|allow\w*|permit\w*)\b", re.IGNORECASE)
ABOUT_DEPENDENCIES = re.compile(r"\b(dependenc\w*|requir\w*|packages?|setup\.py|pins?)\b", re.IGNORECASE)
ONE = r"(?:~=|==|!=|<=|>=|<|>)\s*\d+(?:\.\w+)*(?:\.\*)?"
SPECIFIER = rf"\s*(?P<specifier>{ONE}(?:\s*,\s*{ONE})*)"
MAJOR = r"\s+v?(?P<major>\d+)(?:\.\d+)*\b"
NOT_ALONE = frozenset(
    {"tree", "mock", "google"}
)  # words of their own, too: only the package's own name counts


@dataclass(frozen=True)
class Line:
    """A sentence of the notes about one dependency.

    Attributes:
      old, new: what the release before and this one require of it.
    """

    text: str
    place: str
    name: str
    spelled: str
    old: Requirement | None
    new: Requirement | None
    known_before: bool


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each sentence about a dependency that the metadata contradicts."""
    tree = subject.tree
    assert tree is not None
    section = notes.current(tree.texts.get(notes.PATH, ""), subject.notes_for)
    if section is None or section.empty:
        return
    new, old = _requires(subject), _before(subject)
    if new is None:
        what = "what it requires is not known, so neither is whether the notes are right"
        yield untold(what, section.place, "let a wheel be built")
        return
    listed = declared.requirements(tree.texts.get(declared.REQUIREMENTS, "")) or ()
    known = {*new, *(old or {}), *declared.by_name(listed)}
    for number, text in enumerate(section.lines, section.line + 1):
        for name, spelled in _named(text, known):
            before = old.get(name) if old else None
            place = f"{notes.PATH}:{number}"
            yield from _examine(Line(text, place, name, spelled, before, new.get(name), old is not None))


def _examine(line: Line) -> Iterator[Finding | Untold]:
    """The first rule that fits the sentence decides."""
    exact = re.search(re.escape(line.spelled) + SPECIFIER, line.text, re.IGNORECASE)
    major = re.search(re.escape(line.spelled) + MAJOR, line.text, re.IGNORECASE)
    if exact:
        yield from _exact(line, exact["specifier"])
    elif RELAXED.search(line.text) or TIGHTENED.search(line.text):
        yield from _moved(line)
    elif DROPPED.search(line.text) and ABOUT_DEPENDENCIES.search(line.text):
        if line.new:
            yield _false(line, "it was dropped")
    elif ADDED.search(line.text) and ABOUT_DEPENDENCIES.search(line.text):
        if line.new is None:
            yield _false(line, "it was added")
    elif major and SUPPORTED.search(line.text) and not _allows(line.new, major["major"]):
        yield _false(line, f"version {major['major']} is allowed")


def _exact(line: Line, said: str) -> Iterator[Finding | Untold]:
    try:
        wanted = SpecifierSet(said.replace(" ", ""))
    except InvalidSpecifier:
        yield untold(f"whether the notes are right that it is {line.name}{said}", line.place, MEND)
        return
    has = line.new.specifier if line.new else None
    if wanted != has and (line.old is None or line.old.specifier != wanted):  # "from numpy~=1.23 to …"
        yield _false(line, f"it is {wanted}")


def _moved(line: Line) -> Iterator[Finding | Untold]:
    wider = bool(RELAXED.search(line.text))
    claim = "it was relaxed" if wider else "it was tightened"
    if not line.known_before:
        yield untold(f"whether {line.name} was changed: the release before is not known", line.place, MEND)
        return
    new, old = (SpecifierSet("") if r is None else r.specifier for r in (line.new, line.old))
    narrow, wide = (old, new) if wider else (new, old)
    if new == old or not _within(narrow, wide):
        yield _false(line, claim)


def _within(narrow: SpecifierSet, wide: SpecifierSet) -> bool:
    """Whether one allows no version that the other does not."""
    allowed = narrow.to_range()
    return (allowed & wide.to_range()) == allowed


def _false(line: Line, claim: str) -> Finding:
    was = ", as before" if line.known_before and str(line.old) == str(line.new) else ""
    if line.known_before and not was:
        was = f" (before: {declared.spelled(line.old)})"
    what = (
        f"the notes say of {line.name} that {claim}, but the metadata has {declared.spelled(line.new)}{was}"
    )
    return blocker(what, line.place, MEND)


def _allows(requirement: Requirement | None, major: str) -> bool:
    return (
        requirement is None or not (requirement.specifier & SpecifierSet(f"=={major}.*")).to_range().is_empty
    )


def _named(text: str, known: set[str]) -> Iterator[tuple[str, str]]:
    """Dependencies in a sentence: normalised name, and how it is spelled there."""
    modules = {provider: module for module, provider in PROVIDERS.items() if module not in NOT_ALONE}
    for name in sorted(known):
        forms = [re.escape(name).replace(r"\-", "[-_.]"), *([modules[name]] if name in modules else [])]
        found = re.search(rf"(?<![\w-])({'|'.join(forms)})(?![\w-])", text, re.IGNORECASE)
        if found:
            yield name, found[0]


def _requires(subject: Subject) -> Mapping[str, Requirement] | None:
    if subject.wheel:
        return declared.by_name(subject.wheel.requires)
    assert subject.tree is not None
    return _of_setup(subject.tree.texts)


def _before(subject: Subject) -> Mapping[str, Requirement] | None:
    if subject.previous_wheel:
        return declared.by_name(subject.previous_wheel.requires)
    return _of_setup(subject.previous_tree.texts) if subject.previous_tree else None


def _of_setup(texts: Mapping[str, str]) -> Mapping[str, Requirement] | None:
    required: Sequence[Requirement] | None = declared.setup(texts.get(declared.SETUP, "")).requires
    return None if required is None else {canonicalize_name(r.name): r for r in required}
