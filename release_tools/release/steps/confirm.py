"""Confirms the publication: installs from the index in a clean environment, as users will."""

from __future__ import annotations

from release_tools.release import uploading
from release_tools.release.audit import DONE
from release_tools.release.running import ABSENT, Run, Seen, State

ORDER = 90


def look(run: Run) -> Seen:
    """Confirmed once for this very wheel."""
    entry = run.audit.last("confirm", DONE)
    return Seen(State.DONE, entry.what, entry.digest) if entry and entry.digest == run.verified else ABSENT


def act(run: Run) -> Seen:
    """With pip, and all that it requires."""
    return uploading.tried(run, run.settings.index)
