"""The notes say which TensorFlow the release was tested against, as TFMOT's template asks."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.doctor import notes
from release_tools.doctor.findings import Finding, Untold, warning
from release_tools.doctor.subject import Need, Subject

title = 'the notes say "Tested against"'
needs = (Need.TREE,)

LINE = '"Tested against TensorFlow X.Y.Z and nightly, and Python 3."'


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Whether the line is missing, or names no version."""
    assert subject.tree is not None
    text = subject.tree.texts.get(notes.PATH, "")
    section = notes.current(text, subject.notes_for)
    if section is None or section.empty:
        return  # that the notes are missing is said elsewhere
    if not section.tested_against():
        yield warning('the notes do not say "Tested against"', section.place, f"add {LINE}")
    elif not section.tensorflows():
        yield warning('"Tested against" names no version of TensorFlow', section.place, f"write {LINE}")
