"""Proposes the release commit as a pull request: TFMOT's master is exported, nobody pushes to it."""

from __future__ import annotations

from release_tools import offers
from release_tools.release import landing
from release_tools.release.audit import DONE
from release_tools.release.running import ABSENT, Run, Seen, State

ORDER = 20


def look(run: Run) -> Seen:
    """A pull request that was closed is left closed: its content may still land."""
    if not run.plan.files:
        return Seen(State.DONE, "nothing to propose: the release commit is there")
    if landed := landing.settled(run):
        entry = run.audit.last("propose", DONE)
        return (
            Seen(State.DONE, entry.what, entry.digest, entry.link)
            if entry
            else Seen(State.DONE, "landed", landed)
        )
    standing = run.hub.standing(run.offer)
    pull = standing.pull
    if pull and not offers.is_there(run.offer, standing):
        what = "the pull request does not hold what was planned: somebody changed its branch"
        return Seen(State.REFUSED, f"{what}; close it or let it land, then plan anew", "", pull.url)
    if pull:
        return Seen(State.DONE, "proposed", run.plan.tree, pull.url)
    if standing.pulls:
        return Seen(State.DONE, "proposed, and closed since", run.plan.tree, standing.pulls[0].url)
    return ABSENT


def act(run: Run) -> None:
    """Open it, on the commit that was planned."""
    run.hub.perform(run.offer)
