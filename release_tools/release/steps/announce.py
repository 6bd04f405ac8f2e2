"""Announces it on GitHub: a release with the notes, the wheel's digest and what was shown of it."""

from __future__ import annotations

from release_tools.publications import PublishRelease
from release_tools.release import judging, printed
from release_tools.release.running import ABSENT, Run, Seen, State

ORDER = 100
PUBLIC = True


def look(run: Run) -> Seen:
    """One that is published stays as people have made it."""
    there = run.hub.release(run.plan.repository, run.plan.tag)
    if there is None or there.draft:
        return ABSENT
    return Seen(State.DONE, "announced", run.verified, there.url)


def act(run: Run) -> None:
    """The gates are asked again, so that the table shows what holds."""
    plan = run.plan
    found = judging.results(run, run.landed, run.wheel, run.verified)
    body = printed.announcement(plan, run.landed, run.verified, found)
    name = f"TFMOT {plan.release}"
    run.hub.perform(PublishRelease(plan.repository, plan.tag, name, body, prerelease=not plan.stable))
