"""Brings the verified wheel to an index and sees that it is there: never twice, and never another one."""

from __future__ import annotations

from convergence.errors import UserError
from release_tools.release import index
from release_tools.release.index import Index
from release_tools.release.running import ABSENT, Run, Seen, State


def look(run: Run, where: Index) -> Seen:
    """What the index has of the version."""
    found = index.published(where, run.plan.release).digests
    if found is None:
        return Seen(State.WAITING, f"{where.shown} does not say what it has")
    if not found:
        return ABSENT
    if found != {run.verified}:
        other = ", ".join(sorted(one[:12] for one in found))
        what = f"{where.shown} has another wheel of {run.plan.release} ({other}); an index replaces none"
        return Seen(State.REFUSED, f"{what}: release another version", other)
    return Seen(State.DONE, f"on {where.shown}", run.verified)


def upload(run: Run, where: Index) -> Seen:
    """Upload, and look until the index shows it or patience ends.

    Raises:
      UserError: wheel-changed, upload-failed.
    """
    run.require_verified()
    said = index.upload(where, run.wheel)
    run.require_verified()  # what was sent is what was read between two looks that agree
    seen = look(run, where)
    if said and seen.state is State.ABSENT and not index.is_there_already(said):
        hint = "nothing shows on the index; once it is mended, run it again"
        raise UserError("upload-failed", said, where=where.shown, hint=hint)
    for seconds in run.settings.patience:
        if seen.state not in {State.ABSENT, State.WAITING}:
            return seen
        run.say(f"Waiting for {where.shown} to show it")
        run.settings.wait(seconds)
        seen = look(run, where)
    if seen.state is State.ABSENT:
        return Seen(State.WAITING, f"uploaded; {where.shown} does not show it yet", run.verified)
    return seen


def tried(run: Run, where: Index) -> Seen:
    """Installed from the index with pip, as a user would, and held against what was verified."""
    with index.installed(where, run.plan.release) as found:
        wanted = (run.plan.release, run.plan.wheel.content_digest, run.verified)
        if (found.version, found.content_digest, found.wheel_sha256) != wanted:
            what = f"pip installs {found.version} with content {found.content_digest[:12]} from {where.shown}"
            return Seen(State.REFUSED, f"{what}, which is not what was verified", found.wheel_sha256)
    return Seen(State.DONE, f"pip installs {run.plan.release} from {where.shown}", run.verified)
