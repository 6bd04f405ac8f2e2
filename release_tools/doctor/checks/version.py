"""One version: the tag, version.py, the wheel and the notes all say the same."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from release_tools.doctor import notes
from release_tools.doctor.findings import Finding, Untold, blocker, note, untold, warning
from release_tools.doctor.subject import Need, Subject, Tree
from release_tools.wheel import tfmot

title = "tag, version.py, wheel and notes name one version"
needs: tuple[Need, ...] = ()

EDIT = f"set the constants in {tfmot.VERSION_FILE} before tagging"


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each that says another version than the one it shall be."""
    shall = subject.version
    if subject.tree:
        yield from _version_py(subject, subject.tree)
        yield from _notes(subject.tree, subject.notes_for, released=bool(subject.expected))
    if subject.wheel and subject.wheel.version != shall:
        what = f"the wheel's metadata says {subject.wheel.version}, not {shall}"
        yield blocker(what, subject.wheel.name, "build the wheel from the tag")


def _version_py(subject: Subject, tree: Tree) -> Iterator[Finding | Untold]:
    shall, says = subject.expected, tree.version
    by = f"tag {subject.tag}" if subject.tag else str(shall)
    if says is None:
        yield untold(
            f"the version is not plain in version.py: {tree.version_error}", tfmot.VERSION_FILE, EDIT
        )
    elif shall and says.base_version != shall.base_version:
        yield blocker(f"{by} is on a commit whose version.py says {says}", tfmot.VERSION_FILE, EDIT)
    elif shall and says != shall:
        what = f"{by} is on a commit whose version.py still says {says}: a wheel built from it has that name"
        yield blocker(what, tfmot.VERSION_FILE, EDIT)
    elif not shall and says == subject.previous_version:
        what = f"version.py says {says}, which is released, on a commit that comes after it"
        yield note(what, tfmot.VERSION_FILE, f"set {tfmot.SUFFIX} to 'dev' after a release")


def _notes(tree: Tree, shall: Version | None, *, released: bool) -> Iterator[Finding]:
    text = tree.texts.get(notes.PATH)
    if text is None:
        yield warning(f"there is no {notes.PATH}", tree.name, "keep the notes of each release there")
        return
    section = notes.of(text, shall) if released else notes.current(text, shall)
    if section is None:
        newest = next((s.version for s in notes.sections(text) if s.version), None)
        says = f"the newest are for {newest}" if newest else "there are none for any version"
        what = f"no release notes for {shall or 'the release to come'}; {says}"
        yield blocker(
            what, notes.PATH, f'write "# TensorFlow Model Optimization {shall or "next release TBD"}"'
        )
    elif section.empty:
        yield (blocker if released else note)(
            "its release notes are empty", section.place, "say what changed"
        )
