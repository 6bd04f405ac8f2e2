"""Judges the gates before anything is written anywhere."""

from __future__ import annotations

from release_tools.release import judging
from release_tools.release.audit import DONE
from release_tools.release.running import ABSENT, Run, Seen, State
from release_tools.wheel import wheelfile

ORDER = 10


def look(run: Run) -> Seen:
    """Judged once for this plan; they are judged again on the wheel that will be published."""
    entry = run.audit.last("gate", DONE)
    return Seen(State.DONE, entry.what, entry.digest, entry.link) if entry else ABSENT


def act(run: Run) -> Seen:
    """Judge them on the planned content as it is on the day."""
    plan, path = run.plan, judging.planned_wheel(run)
    if path.is_file() and (there := wheelfile.read(path).content_digest) != plan.wheel.content_digest:
        planned = plan.wheel.content_digest
        what = f"the wheel of {plan.commit[:12]} holds {there[:12]}, and the plan says {planned[:12]}"
        return Seen(State.REFUSED, f"{what}: plan {plan.release} anew", there)
    return judging.judge(run, plan.commit, path, plan.wheel.sha256, plan.base)
