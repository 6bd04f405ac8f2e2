"""The wheel brings its licence, which the Apache License asks of everyone who passes the work on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from release_tools.doctor.findings import Finding, Untold, warning
from release_tools.doctor.subject import Need, Subject

title = "the wheel brings its licence"
needs = (Need.WHEEL,)

NAME = re.compile(r"(LICEN[CS]E|COPYING)(\.\w+)?", re.IGNORECASE)
MEND = "let the pip package's BUILD target name LICENSE, and setup.py license_files=['LICENSE']"


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Whether there is none."""
    assert subject.wheel is not None
    names = [*subject.wheel.info, *subject.wheel.members]
    if not any(NAME.fullmatch(PurePosixPath(name).name) for name in names):
        yield warning("there is no LICENSE in the wheel", subject.wheel.name, MEND)
