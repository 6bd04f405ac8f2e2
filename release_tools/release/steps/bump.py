"""Offers to raise the minimum wherever a released technique has its example."""

from __future__ import annotations

from release_tools.release.audit import DONE
from release_tools.release.running import ABSENT, Run, Seen, State

ORDER = 110


def look(run: Run) -> Seen:
    """Offered once; what people then do with the pull request is theirs."""
    if not run.plan.bumps:
        return Seen(State.DONE, "no minimum to raise")
    entry = run.audit.last("bump", DONE)
    return Seen(State.DONE, entry.what, entry.digest, entry.link) if entry else ABSENT


def act(run: Run) -> Seen:
    """One pull request a repository, through what bump-min-version does."""
    links, refusals = [], []
    for one in run.plan.bumps:
        link, refusal = run.settings.bump(run.plan, one.repository)
        links += [link] if link else []
        refusals += [f"{one.repository}: {refusal}"] if refusal else []
    if refusals:
        return Seen(State.REFUSED, f"the release is out; the minimum is not raised in {'; '.join(refusals)}")
    return Seen(State.DONE, f"minimum {run.plan.release} offered", run.verified, " ".join(links))
