"""A check on the head has this conclusion."""

from __future__ import annotations

from collections.abc import Mapping

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.show import Followed
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import checks


def look(stage: Stage, done: Done, wanted: Mapping[str, str]) -> Followed:
    """`name`, and what it `is`."""
    found = [one for one in checks.on(stage.models, stage.head) if one.name == wanted["name"]]
    seen = (found[-1].conclusion or found[-1].status) if found else "not there"
    return Followed(f"the check “{wanted['name']}” is {wanted['is']}", seen, seen == wanted["is"])
