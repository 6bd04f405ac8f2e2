"""Tags the landed commit, once; a tag is never moved."""

from __future__ import annotations

from release_tools.publications import PushTag
from release_tools.release.running import ABSENT, Run, Seen, State

ORDER = 40
PUBLIC = True


def look(run: Run) -> Seen:
    """The same commit goes on, another one stops."""
    there = run.hub.tag(run.plan.repository, run.plan.tag)
    if not there:
        return ABSENT
    if there != run.landed:
        what = f"{run.plan.tag} is at {there[:12]}, not at {run.landed[:12]}; a tag is never moved"
        return Seen(State.REFUSED, what, there)
    return Seen(State.DONE, run.plan.tag, there)


def act(run: Run) -> None:
    """A lightweight tag, as TFMOT's are."""
    run.hub.perform(PushTag(run.plan.repository, run.plan.tag, run.landed))
