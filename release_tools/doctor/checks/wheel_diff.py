"""What the wheel holds and asks for that the wheel of the release before did not, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.doctor import declared
from release_tools.doctor.findings import Finding, Untold, note, warning
from release_tools.doctor.subject import Need, Subject

title = "the wheel against that of the release before"
needs = (Need.WHEEL, Need.PREVIOUS_WHEEL)


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Requirements and files that changed."""
    new, old, since = subject.wheel, subject.previous_wheel, subject.previous_version
    assert new is not None
    assert old is not None
    for name, before, now in declared.differences(old.requires, new.requires):
        what = f"{name}: {declared.spelled(before)} → {declared.spelled(now)} since {since}"
        yield note(what, new.name, "do the notes say so?")
    if old.requires_python != new.requires_python:
        what = f"Python: {old.requires_python or 'any'} → {new.requires_python or 'any'} since {since}"
        yield note(what, new.name, "do the notes say so?")
    for name in sorted(old.members.keys() - new.members.keys()):
        yield warning(f"a file of {since} is not in the wheel any more", name, "was it moved on purpose?")
    added = new.members.keys() - old.members.keys()
    kept = new.members.keys() & old.members.keys()
    changed = [name for name in kept if new.members[name] != old.members[name]]
    same = len(kept) - len(changed)
    what = f"{len(added)} files are new since {since}, {len(changed)} changed, {same} did not"
    yield note(what, new.name)
