"""Draws what a person would see on GitHub from the sandbox's world, and changes nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePath

from convergence import records
from convergence.errors import UserError
from release_tools.jobs import history
from release_tools.rehearsal import timeline
from release_tools.rehearsal.portrait import (
    Asset,
    Check,
    Commit,
    Kept,
    Label,
    Portrait,
    Pull,
    Ref,
    Release,
    Repository,
    State,
)
from release_tools.sandbox import automation, nouns
from release_tools.sandbox.answers import comments
from release_tools.sandbox.world import World

__all__ = ["Portrait", "draw"]

NEWEST = 10  # commits of the default branch


def draw(world: World, only: Collection[str] = ()) -> Portrait:
    """Everything there is to see.

    Args:
      only: names (`owner/name`) of the repositories to show; all by default.
    """
    wanted = {name.casefold() for name in only}
    with world.lock:
        drawn = (
            _repository(world, one)
            for one in world.repositories()
            if not wanted or one.full_name.casefold() in wanted
        )
        return Portrait(tuple(drawn), world.site.html)


def _repository(world: World, one: nouns.Repository) -> Repository:
    branches = tuple(_refs(one, "refs/heads/"))
    return Repository(
        name=one.full_name,
        default_branch=one.default_branch,
        url=one.html,
        pulls=tuple(_pull(world, one, issue) for issue in one.issues.values() if issue.pull),
        releases=tuple(_release(one, release) for release in one.releases.values()),
        branches=branches,
        tags=tuple(_refs(one, "refs/tags/")),
        commits=_newest(one),
        records=tuple(record for ref in branches for record in _records(one, ref)),
    )


def _newest(one: nouns.Repository) -> tuple[Commit, ...]:
    tip = one.git.ref(f"refs/heads/{one.default_branch}")
    return timeline.commits(one.git, tip, f"--max-count={NEWEST}", "--first-parent") if tip else ()


def _refs(one: nouns.Repository, prefix: str) -> Iterator[Ref]:
    for name in one.git.refs(prefix):
        if sha := one.git.resolve(name.removeprefix("refs/")):
            yield Ref(name.removeprefix(prefix), timeline.commit(one.git, sha))


def _records(one: nouns.Repository, branch: Ref) -> Iterator[Kept]:
    """The files below `records/` of a branch."""
    for entry in one.git.tree(branch.commit.sha, f"{history.FOLDER}/", recursive=True):
        if entry.kind == "blob":
            yield Kept(branch.name, entry.path, _record(one.git.blob(entry.sha), entry.path))


def _record(content: bytes, path: str) -> history.Record | None:
    try:
        return records.parse(content, history.Record, PurePath(path))
    except UserError:
        return None


def _pull(world: World, base: nouns.Repository, issue: nouns.Issue) -> Pull:
    pull = issue.pull
    assert pull
    moments, opening = timeline.moments(world, base, issue), timeline.opening(base, issue)
    pushed = [*opening, *(commit for one in moments for commit in one.commits)]
    own = pull.head_repository is base
    return Pull(
        repository=base.full_name,
        number=issue.number,
        title=issue.title,
        by=timeline.who(world, base, issue.user),
        at=issue.created_at,
        text=issue.body or "",
        state=_state(issue, pull),
        base=pull.base_ref,
        head=pull.head_ref if own else f"{timeline.login(pull.head_owner)}:{pull.head_ref}",
        head_sha=pull.head_sha,
        commits=opening,
        labels=tuple(Label(one.name, one.color) for one in issue.labels),
        checks=_checks(base, {pull.head_sha, *(one.sha for one in moments), *(one.sha for one in pushed)}),
        timeline=moments,
        reactions=timeline.reactions(issue.reactions),
        url=comments.issue_page(base, issue),
    )


def _state(issue: nouns.Issue, pull: nouns.Pull) -> State:
    if pull.merged_at:
        return State.MERGED
    if issue.state == "closed":
        return State.CLOSED
    return State.DRAFT if pull.draft else State.OPEN


def _checks(base: nouns.Repository, commits: Collection[str]) -> tuple[Check, ...]:
    """The check runs on these commits: of those of a name on a commit the last, as GitHub shows them."""
    last = {(one.sha, one.app.id, one.name): one for one in base.checks.values() if one.sha in commits}
    return tuple(_check(base, one) for one in last.values())


def _check(base: nouns.Repository, one: automation.CheckRun) -> Check:
    return Check(
        name=one.name,
        sha=one.sha,
        by=timeline.login(one.app),
        status=one.status,
        conclusion=one.conclusion or "",
        at=one.completed_at or one.started_at,
        title=one.output.get("title") or "",
        summary=one.output.get("summary") or "",
        url=f"{base.html}/runs/{one.id}",
    )


def _release(one: nouns.Repository, release: automation.Release) -> Release:
    return Release(
        tag=release.tag_name,
        name=release.name or release.tag_name,
        by=timeline.login(release.author),
        at=release.published_at or release.created_at,
        notes=release.body or "",
        draft=release.draft,
        prerelease=release.prerelease,
        assets=tuple(Asset(asset.name, len(asset.content)) for asset in release.assets),
        url=f"{one.html}/releases/tag/{release.tag_name}",
    )
