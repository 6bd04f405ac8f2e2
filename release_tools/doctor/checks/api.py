"""The public API since the release before, and what SemVer says of the version for it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping

from packaging.version import Version

from release_tools.doctor import api
from release_tools.doctor.findings import Finding, Untold, blocker, note, untold, warning
from release_tools.doctor.subject import Need, Subject

title = "the version says what became of the public API"
needs = (Need.PREVIOUS,)

KEEP = "keep the old name or signature with a deprecation, or raise the {} version"
EXPERIMENTAL = ".experimental."


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each change, and a blocker for each that the version does not announce."""
    if importlib.util.find_spec("griffe") is None:
        mend = "pip install 'tfmot-release-tools[release]'"
        yield untold("griffe, which reads APIs, is not installed", subject.place, mend)
        return
    new = api.read(_texts(subject))
    old = api.read(_previous(subject))
    if not new or not old:
        mend = f"is there a {api.API.replace('.', '/')}/__init__.py?"
        yield untold("there is no public API to compare", subject.place, mend)
        return
    for name, symbol in new.items():
        if symbol.kind == api.BROKEN:
            what = f"{name} imports what is not there"
            yield blocker(what, symbol.place, "mend the import: users see this name")
    raised = _raised(subject.previous_version, subject.version)
    for change in api.compare(old, new):
        yield _finding(change, raised, subject)


def _finding(change: api.Change, raised: str, subject: Subject) -> Finding:
    how = f": {change.how}" if change.how else ""
    what = f"{change.name} was {change.kind} since {subject.previous_version}{how}"
    if not change.breaks:
        return note(what, change.place)
    major = subject.version.major if subject.version else 0
    needed = "major" if major >= 1 else "minor"
    if EXPERIMENTAL in f"{change.name}.":
        return warning(f"{what}; it is experimental", change.place, KEEP.format(needed))
    if raised in {"major", needed}:
        return warning(what, change.place, "say so in the notes, with what to use instead")
    return blocker(f"{what}; {subject.version} does not announce that", change.place, KEEP.format(needed))


def _raised(before: Version | None, after: Version | None) -> str:
    """Which part of the version was raised."""
    if before is None or after is None:
        return ""
    if after.major > before.major:
        return "major"
    if after.major == before.major and after.minor > before.minor:
        return "minor"
    return "patch" if after > before else ""


def _texts(subject: Subject) -> Mapping[str, str]:
    if subject.tree:
        return subject.tree.texts
    return subject.wheel.texts if subject.wheel else {}


def _previous(subject: Subject) -> Mapping[str, str]:
    if subject.previous_tree:
        return subject.previous_tree.texts
    return subject.previous_wheel.texts if subject.previous_wheel else {}
