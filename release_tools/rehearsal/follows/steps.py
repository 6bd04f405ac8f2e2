"""`status` says how the seven steps stand."""

from __future__ import annotations

import json

from release_tools.approvals.steps import Progress
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.show import Followed
from release_tools.rehearsal.stage import Stage

SAYS = (0, 1, 3)  # statuses with which `status` has told
SHORT = {"d": Progress.DONE, "w": Progress.WAITING, "s": Progress.STALE, "b": Progress.BLOCKED}


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """A letter a step: done, waiting, stale, blocked."""
    ran = stage.run("mona", "status", str(stage.issue.number), "--repo", stage.models.full_name, "--json")
    told = json.loads(ran.out)[0]["steps"] if ran.status in SAYS else []
    found = [one["progress"] for one in told]
    return Followed(
        _said([SHORT[one].value for one in wanted]),
        _said(found),
        found == [SHORT[one].value for one in wanted],
    )


def _said(steps: list[str]) -> str:
    return " · ".join(f"{number} {one}" for number, one in enumerate(steps, 1)) or "it cannot be told"
