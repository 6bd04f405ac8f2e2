"""Verifies the wheel: built twice it is the same to the bit, holds what converged, and every gate passes."""

from __future__ import annotations

from convergence.errors import UserError
from release_tools import wheel
from release_tools.release import judging
from release_tools.release.running import ABSENT, Run, Seen, State
from release_tools.wheel import provenance, wheelfile

ORDER = 60


def look(run: Run) -> Seen:
    """What was verified is this very file; else it is to do."""
    there = run.wheel_on_disk()
    return Seen(State.DONE, _said(run), there) if run.verified and run.verified == there else ABSENT


def act(run: Run) -> Seen:
    """Look at the file itself, never at what was written about it."""
    found = wheelfile.read(run.wheel)
    if (found.name, str(found.version)) != ("tensorflow-model-optimization", run.plan.release):
        return Seen(State.REFUSED, f"the wheel is {found.name} {found.version}", found.sha256)
    if found.content_digest != run.plan.wheel.content_digest:
        planned = run.plan.wheel.content_digest
        what = f"the wheel holds {found.content_digest[:12]}, and {planned[:12]} was planned"
        return Seen(State.REFUSED, what, found.sha256)
    if not run.settings.built and (second := _again(run)) != found.sha256:
        return Seen(State.REFUSED, f"built twice, the wheel differs ({second[:12]})", found.sha256)
    judged = judging.judge(run, run.landed, run.wheel, found.sha256)
    return judged if judged.state is not State.DONE else Seen(State.DONE, _said(run), found.sha256)


def _again(run: Run) -> str:
    made = provenance.read(run.wheel.parent / provenance.FILE_NAME)
    if made.commit != run.landed:
        raise UserError("another-wheel", f"the wheel is of {made.commit[:12]}", where=str(run.wheel))
    return wheel.again(wheel.Request(run.source, run.landed), run.say)


def _said(run: Run) -> str:
    twice = "as another job built it" if run.settings.built else "built twice, the same to the bit"
    taken = f"; overridden: {', '.join(one.gate for one in run.overrides)}" if run.overrides else ""
    return f"{twice}; content {run.plan.wheel.content_digest[:12]} as planned; the gates pass{taken}"
