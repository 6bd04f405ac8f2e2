"""The wheel was built after the commit that is tagged was made, or it was built from another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from release_tools.doctor.findings import Finding, Untold, warning
from release_tools.doctor.subject import Need, Subject

title = "the wheel is not older than the commit that is tagged"
needs = (Need.TREE, Need.WHEEL)

TOLERANCE = timedelta(days=1)  # a wheel's times have no time zone


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Whether the wheel was there first."""
    assert subject.tree is not None
    assert subject.wheel is not None
    made, built = subject.tree.time, subject.wheel.built
    if made is None or built is None or built >= made - TOLERANCE:
        return
    what = f"the wheel is of {built:%Y-%m-%d}, {(made - built).days} days before the commit it should be of"
    yield warning(f"{what} ({made:%Y-%m-%d})", subject.wheel.name, "tag first, then build from the tag")
