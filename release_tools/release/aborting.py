"""What of a release can be undone, and what cannot: what is public stays; decides from what was found."""

from __future__ import annotations

from dataclasses import dataclass

from release_tools.model import Effect
from release_tools.offers import Standing
from release_tools.publications import ClosePullRequest, DeleteDraft, DeleteTag, PublishedRelease
from release_tools.release import landing
from release_tools.release.audit import DONE
from release_tools.release.index import NAME
from release_tools.release.nouns import ReleasePlan
from release_tools.release.running import Run

YANK = (
    "the index lets nobody yank by program: log in there as an owner, open the project {name}, “Releases”, "
    "{version}, “Options”, “Yank”, and say why; pip then installs it only where it is asked for by number"
)


@dataclass(frozen=True)
class Found:
    """What there is of a release.

    Attributes:
      published: whether the index has the version; None where it did not answer, or denies what was uploaded.
      tag: the commit that the tag is at; empty where there is none.
      ours: the commit that we tagged, or would have.
      rehearsed: whether the wheel went to the rehearsal index.
    """

    published: bool | None
    tag: str
    ours: str
    landed: str
    standing: Standing
    release: PublishedRelease | None
    rehearsed: bool


@dataclass(frozen=True)
class Undoing:
    """What is undone, and what cannot be, with what a person can do about it."""

    effects: tuple[Effect, ...]
    stays: tuple[str, ...]


def look(run: Run, *, published: bool | None) -> Found:
    """What there is now."""
    plan = run.plan
    tagged, rehearsed = run.audit.last("tag", DONE), run.audit.last("rehearse", DONE)
    tried = any(one.step == "publish" for one in run.audit.entries)  # an index may be late, or not the one
    return Found(
        published=None if tried and published is False else published,
        tag=run.hub.tag(plan.repository, plan.tag),
        ours=tagged.digest if tagged else landing.settled(run),
        landed=landing.settled(run) if plan.files else "",
        standing=run.hub.standing(run.offer) if plan.files else Standing(),
        release=run.hub.release(plan.repository, plan.tag),
        rehearsed=bool(rehearsed and rehearsed.digest),  # without one it was left out
    )


def decide(plan: ReleasePlan, found: Found) -> Undoing:
    """A tag whose version may be on the index stays: it says what was published."""
    effects: list[Effect] = []
    stays: list[str] = []
    pull = found.standing.pull
    if pull:
        ours = found.standing.tip if len(found.standing.commits) == 1 else ""  # others' commits stay
        effects.append(ClosePullRequest(plan.repository, pull.number, f"release-{plan.release}", ours))
    if found.landed:
        stays.append(f"{found.landed[:12]} has landed: revert it with a pull request, as any change")
    if found.release and found.release.draft:
        effects.append(DeleteDraft(plan.repository, plan.tag))
    if found.published is not False:
        stays += _public(plan, found)
    elif found.tag and found.tag == found.ours:
        effects.append(DeleteTag(plan.repository, plan.tag, found.tag))
    elif found.tag:
        stays.append(f"{plan.tag} is at {found.tag[:12]}, where this release did not put it")
    if found.rehearsed:
        stays.append("the rehearsal index keeps its wheel; nobody installs from there unasked")
    return Undoing(tuple(effects), tuple(stays))


def _public(plan: ReleasePlan, found: Found) -> list[str]:
    known = (
        "is on the index"
        if found.published
        else "may be on the index: it does not answer, or does not show what was uploaded"
    )
    said = [f"{plan.release} {known}: {YANK.format(name=NAME, version=plan.release)}"]
    if found.tag:
        said.append(f"{plan.tag} stays, since it says what was published")
    if found.release and not found.release.draft:
        said.append(f"{found.release.url} stays: a person may say there what is wrong, and mark it")
    return said
