"""Judges the gates before anything is written anywhere."""

from __future__ import annotations

from release_tools.release import judging
from release_tools.release.audit import DONE
from release_tools.release.running import ABSENT, Run, Seen, State

ORDER = 10


def look(run: Run) -> Seen:
    """Judged once for this plan; they are judged again on the wheel that will be published."""
    entry = run.audit.last("gate", DONE)
    return Seen(State.DONE, entry.what, entry.digest, entry.link) if entry else ABSENT


def act(run: Run) -> Seen:
    """Judge them on the planned content as it is on the day."""
    plan = run.plan
    return judging.judge(run, plan.commit, judging.planned_wheel(run), plan.wheel.sha256, plan.base)
