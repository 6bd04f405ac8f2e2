"""Rehearses the publication: uploads to another index, and installs from there."""

from __future__ import annotations

from release_tools.release import uploading
from release_tools.release.audit import DONE
from release_tools.release.running import ABSENT, Run, Seen, State

ORDER = 70


def look(run: Run) -> Seen:
    """Rehearsed once with this very wheel."""
    if run.settings.rehearsal is None:
        return Seen(State.DONE, "left out: --no-rehearsal")
    entry = run.audit.last("rehearse", DONE)
    if entry and entry.digest == run.verified == run.wheel_on_disk():
        return Seen(State.DONE, entry.what, entry.digest)
    return ABSENT


def act(run: Run) -> Seen:
    """Upload unless it is there, then install."""
    where = run.settings.rehearsal
    assert where
    seen = uploading.look(run, where)
    if seen.state is State.ABSENT:
        if not where.upload:
            return Seen(
                State.WAITING, f"upload {run.wheel} to {where.shown}, then run it again", run.verified
            )
        seen = uploading.upload(run, where)
    return uploading.tried(run, where) if seen.state is State.DONE else seen
