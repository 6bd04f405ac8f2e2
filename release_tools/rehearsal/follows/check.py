"""A check on the head has this conclusion."""

from __future__ import annotations

from dataclasses import dataclass

from release_tools.model import Conclusion
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed
from release_tools.sandbox import checks


@dataclass(frozen=True)
class Check(values.Table):
    """Its name, and its conclusion in GitHub's words."""

    name: str
    conclusion: Conclusion


def read(value: object) -> Check:
    """A table."""
    return values.read(Check, value)


def look(stage: Stage, done: Done, wanted: Check) -> Followed:
    """The newest of that name."""
    expected = wanted.conclusion.value
    found = [one for one in checks.on(stage.models, stage.head) if one.name == wanted.name]
    seen = (found[-1].conclusion or found[-1].status) if found else "not there"
    return Followed(f"the check “{wanted.name}” is {expected}", seen, seen == expected)
