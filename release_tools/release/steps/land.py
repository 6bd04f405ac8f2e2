"""Waits until the content has landed: copybara may close the pull request and export a commit of its own."""

from __future__ import annotations

from release_tools.release import landing
from release_tools.release.running import Run, Seen, State

ORDER = 30


def look(run: Run) -> Seen:
    """The first commit of the branch that holds every planned file, and otherwise the same content."""
    sha = landing.settled(run)
    if not sha:
        found = landing.look(run)
        if found.wrong:
            return Seen(State.REFUSED, found.wrong, found.sha)
        if not found.sha:
            pulls = run.hub.standing(run.offer).pulls
            what = f"the content has not landed on {run.plan.branch} yet"
            return Seen(State.WAITING, what, "", pulls[0].url if pulls else "")
        if landing.content_digest(run, found.sha) != run.plan.wheel.content_digest:
            what = f"{run.plan.branch} moved: the wheel of {found.sha[:12]} holds other content than planned"
            return Seen(
                State.REFUSED, f"{what}; it has not converged. Plan {run.plan.release} anew", found.sha
            )
        sha = found.sha
    run.landed = sha
    return Seen(State.DONE, "landed", sha)


def act(_: Run) -> None:
    """Nothing: others land it."""
