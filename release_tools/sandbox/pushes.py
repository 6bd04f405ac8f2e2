"""What a push sets off: `push` events, pull requests that move, close, or turn out to be merged."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from release_tools.sandbox import pulls
from release_tools.sandbox.answers import commits as answers
from release_tools.sandbox.git import NULL
from release_tools.sandbox.nouns import Activity, Issue, Pull, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World


def look(world: World) -> None:
    """See whether any open pull request's branch moved, by whatever way; this costs no process."""
    for _, issue, pull in _open_pulls(world):
        source = pull.head_repository
        if source and source.git.ref(f"refs/heads/{pull.head_ref}") != pull.head_sha:
            notice(world, source, issue.user)


def notice(world: World, repository: Repository, by: Account) -> None:
    """Take in all refs that changed in a repository since it was last looked at."""
    before, now = repository.seen_refs, repository.git.refs()
    repository.seen_refs = now
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name, ""), now.get(name, "")
        if old != new and name.startswith(("refs/heads/", "refs/tags/")):
            repository.updated_at = world.clock.stamp()
            moved = Activity(world.ids.next(), name, old or NULL, new or NULL, repository.updated_at, by)
            repository.activity.append(moved)
            payload = functools.partial(answers.push_event, repository, by, name, old or NULL, new or NULL)
            world.events.emit("push", repository, by, payload)
            if name.startswith("refs/heads/"):
                _moved(world, repository, name.removeprefix("refs/heads/"), new, by)


def _moved(world: World, repository: Repository, branch: str, sha: str, by: Account) -> None:
    for base, issue, pull in _open_pulls(world):
        if (pull.head_repository, pull.head_ref) == (repository, branch):
            _follow(world, base, issue, pull, sha, by)
        elif (base, pull.base_ref) == (repository, branch) and sha:
            _recognise_merge(world, base, issue, pull, sha, by)


def _follow(world: World, base: Repository, issue: Issue, pull: Pull, sha: str, by: Account) -> None:
    if not sha:  # the branch was deleted
        pulls.set_state(world, base, issue, "closed", by)
    elif sha != pull.head_sha:
        before = pull.head_sha
        pulls.keep_head(base, issue.number, pull)
        issue.updated_at = world.clock.stamp()
        pulls.emit(world, base, issue, "synchronize", by, before=before, after=pull.head_sha)


def _recognise_merge(world: World, base: Repository, issue: Issue, pull: Pull, sha: str, by: Account) -> None:
    """A pull request whose commits arrive in its base branch counts as merged."""
    if not pull.merged_at and base.git.is_ancestor(pull.head_sha, sha):
        pull.merge_commit_sha, pull.merged_by, pull.merged_at = sha, by, world.clock.stamp()
        pulls.set_state(world, base, issue, "closed", by)


def _open_pulls(world: World) -> Iterator[tuple[Repository, Issue, Pull]]:
    for repository in world.repositories():
        for issue in tuple(repository.issues.values()):
            if issue.pull and issue.state == "open":
                yield repository, issue, issue.pull
