"""Publishes the verified wheel on the index."""

from __future__ import annotations

from release_tools.release import judging, uploading
from release_tools.release.running import Run, Seen, State

ORDER = 80
PUBLIC = True


def look(run: Run) -> Seen:
    """What the index has; the same wheel goes on, another one stops."""
    return uploading.look(run, run.settings.index)


def act(run: Run) -> Seen:
    """Upload it, unless that is another's to do (a workflow publishes without any password).

    The gates are asked again: since it was verified somebody may have taken an approval back.
    """
    judged = judging.judge(run, run.landed, run.wheel, run.verified)
    if judged.state is not State.DONE:
        return judged
    if not run.settings.index.upload:
        run.require_verified()
        what = f"upload {run.wheel} to {run.settings.index.shown}, then run it again"
        return Seen(State.WAITING, what, run.verified)
    return uploading.upload(run, run.settings.index)
