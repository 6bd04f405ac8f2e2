"""RELEASE.md as text: the section of a version, and how the next one is made; every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Sequence

from convergence.errors import UserError
from release_tools.markdown import JOINER
from release_tools.release.changes import HEADINGS, Change

PATH = "RELEASE.md"
PROJECT = "TensorFlow Model Optimization"
TBD = "next release TBD"
NEXT = f"# {PROJECT} {TBD}"
SECTION = re.compile(rf"^# {PROJECT} (?P<version>.+?)[ \t]*$", re.MULTILINE)
TESTED = "* Tested against "


def section(text: str, version: str) -> str | None:
    """What RELEASE.md says of a version, without the heading; None where it says nothing."""
    found = [(one["version"], one) for one in SECTION.finditer(text)]
    for index, (name, match) in enumerate(found):
        if name == version:
            end = found[index + 1][1].start() if index + 1 < len(found) else len(text)
            return text[match.end() : end].strip("\n")
    return None


def pending(text: str) -> str:
    """What people have written already for the next release.

    Raises:
      UserError: no-next-release; two-next-releases.
    """
    if [one["version"] for one in SECTION.finditer(text)].count(TBD) > 1:
        raise UserError(
            "two-next-releases", "there are two places for the next release", where=PATH, hint="leave one"
        )
    found = section(text, TBD)
    if found is None:
        raise UserError(
            "no-next-release", "there is no place for the next release", where=PATH, hint=f"add {NEXT!r}"
        )
    return found


def written(version: str, by_hand: str, changes: Sequence[Change], tested: str) -> str:
    """The section of a release: what people wrote, then what changed, by technique as TFMOT groups it.

    Args:
      tested: what it was tested against; empty leaves the line out.
    """
    lines = [by_hand.strip("\n"), ""] if by_hand.strip() else [f"TFMOT {version}.", ""]
    new = [one for one in changes if one.subject.lower() not in by_hand.lower()]
    for heading in HEADINGS:
        under = [one for one in new if one.heading == heading]
        if under:
            lines += [f"{heading}:", "", *_listed(under), ""]
    if tested and TESTED.strip("* ") not in by_hand:
        lines += [f"{TESTED}{tested}.", ""]
    return "\n".join(lines).strip("\n")


def _listed(changes: Sequence[Change]) -> list[str]:
    lines = []
    for title, major in (("Major Features and Improvements", True), ("Bug Fixes and Other Changes", False)):
        of_kind = [one for one in changes if one.major is major]
        lines += [f"* {title}", *(f"  * {_item(one)}" for one in of_kind)] if of_kind else []
    return lines


def _item(change: Change) -> str:
    link = f" (#{change.pull_request})" if change.pull_request else ""
    by = f" – {', '.join(change.authors)}" if change.authors else ""
    return f"{harmless(change.subject.rstrip('.'))}{link}{harmless(by)}"


def edited(text: str, version: str, notes: str) -> str:
    """RELEASE.md with the section of a release below an empty one for the next.

    Raises:
      UserError: no-next-release; another-section, where the version has one.
    """
    if section(text, version) is not None:
        raise UserError("another-section", f"there is a section for {version} already", where=PATH)
    before = pending(text)
    heading = next(
        one for one in SECTION.finditer(text) if one["version"] == TBD
    )  # no line that only ends so
    start, end = heading.span()
    end += text[end:].index(before) + len(before) if before else 0
    rest = text[end:].lstrip("\n")
    made = f"{NEXT}\n\n# {PROJECT} {version}\n\n{notes}\n"
    return f"{text[:start]}{made}{f'{chr(10)}{rest}' if rest else ''}"


def harmless(text: str) -> str:
    """Words of others in a text that is Markdown: they mention nobody, and are neither a link nor HTML."""
    return text.replace("@", f"@{JOINER}").replace("](", f"]{JOINER}(").replace("<", "&lt;")


def calm(notes: str) -> str:
    """Notes for a place where a mention calls somebody, and HTML is HTML."""
    return re.sub(rf"@(?!{JOINER})", f"@{JOINER}", notes).replace("<", "&lt;")


def states_tested(notes: str) -> bool:
    """Whether notes say what the release was tested against."""
    return "tested against" in notes.lower()
