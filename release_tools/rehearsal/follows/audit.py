"""The release's audit says that these things were done, in this order."""

from __future__ import annotations

import json
from dataclasses import dataclass

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import MAINTAINER, Stage
from release_tools.rehearsal.summary import Followed


@dataclass(frozen=True)
class Audit(values.Table):
    """A file in the maintainer's folder, and the steps that are done, in this order."""

    file: str
    done: tuple[str, ...]


def read(value: object) -> Audit:
    """A table."""
    return values.read(Audit, value)


def look(stage: Stage, done: Done, wanted: Audit) -> Followed:
    """Those that are done, each once."""
    path = stage.at(MAINTAINER) / wanted.file
    lines = (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )
    found = list(dict.fromkeys(one["step"] for one in lines if one["state"] == "done"))
    steps = list(wanted.done)
    return Followed(
        f"the audit has {', '.join(steps)}, in this order", ", ".join(found) or "nothing", found == steps
    )
