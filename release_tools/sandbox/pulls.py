"""What happens to issues and pull requests before they are merged: opened, closed, their head kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from release_tools.sandbox.answers import pulls as answers
from release_tools.sandbox.errors import Refusal, invalid
from release_tools.sandbox.nouns import Happening, Issue, Pull, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World


def open_issue(world: World, repository: Repository, by: Account, title: str, body: str | None) -> Issue:
    """A new issue with the next number."""
    now = world.clock.stamp()
    number = max(repository.issues, default=0) + 1
    issue = Issue(world.ids.next(), number, by, title, body, now, now)
    repository.issues[number] = issue
    return issue


def open_pull(
    world: World,
    repository: Repository,
    by: Account,
    title: str,
    head: str,
    base: str,
    body: str | None = None,
    draft: bool = False,
) -> Issue:
    """A new pull request; `head` is a branch, or `owner:branch` of a fork.

    Raises:
      Refusal: 422, as GitHub has it, when a branch is not there, holds nothing new or is proposed already.
    """
    source, branch = _head(world, repository, head)
    base_sha = repository.git.ref(f"refs/heads/{base}")
    head_sha = source.git.ref(f"refs/heads/{branch}") if source else ""
    if not base_sha or not head_sha:
        raise invalid("PullRequest", "head" if base_sha else "base")
    assert source
    _refuse_duplicate(repository, source, branch, base)
    source.git.fetch(repository.git.folder, f"refs/heads/{base}")
    if source.git.is_ancestor(head_sha, base_sha):
        raise _custom(f"No commits between {base} and {head}")
    issue = open_issue(world, repository, by, title, body)
    issue.pull = Pull(world.ids.next(), source, source.owner, branch, head_sha, base, base_sha, draft)
    keep_head(repository, issue.number, issue.pull)
    emit(world, repository, issue, "opened", by)
    return issue


def _head(world: World, repository: Repository, head: str) -> tuple[Repository | None, str]:
    owner, _, branch = head.rpartition(":")
    if not owner or owner.casefold() == repository.owner.login.casefold():
        return repository, branch
    network = [r for r in world.repositories() if r.parent is repository]
    return next((r for r in network if r.owner.login.casefold() == owner.casefold()), None), branch


def _refuse_duplicate(repository: Repository, source: Repository, branch: str, base: str) -> None:
    opened = (issue.pull for issue in repository.issues.values() if issue.state == "open")
    proposed = ((pull.head_repository, pull.head_ref, pull.base_ref) for pull in opened if pull)
    if (source, branch, base) in proposed:
        raise _custom(f"A pull request already exists for {source.owner.login}:{branch}.")


def _custom(message: str) -> Refusal:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    return Refusal(422, "Validation Failed", [error])


def keep_head(repository: Repository, number: int, pull: Pull) -> None:
    """Keep the head's commits in the base repository, where they outlive the branch and the fork."""
    assert pull.head_repository
    repository.git.fetch(
        pull.head_repository.git.folder, f"+refs/heads/{pull.head_ref}:refs/pull/{number}/head"
    )
    pull.head_sha = repository.git.ref(f"refs/pull/{number}/head")
    pull.base_sha = repository.git.ref(f"refs/heads/{pull.base_ref}") or pull.base_sha


def emit(
    world: World, repository: Repository, issue: Issue, action: str, by: Account, **more: object
) -> None:
    """A `pull_request` event."""
    world.events.emit(
        "pull_request", repository, by, lambda: answers.event(world, repository, issue, action, by, **more)
    )


def set_state(world: World, repository: Repository, issue: Issue, state: str, by: Account) -> None:
    """Close or reopen an issue or pull request.

    Raises:
      Refusal: 422 when a pull request is merged, or its branch is gone, and cannot be reopened.
    """
    if state == issue.state:
        return
    if state == "open" and (pull := issue.pull):
        source = pull.head_repository
        if pull.merged_at or not source or not source.git.ref(f"refs/heads/{pull.head_ref}"):
            raise invalid("PullRequest", "state", "custom", "state cannot be changed.")
        keep_head(repository, issue.number, pull)
    issue.state = state
    issue.updated_at = world.clock.stamp()
    issue.closed_at, issue.closed_by = (issue.updated_at, by) if state == "closed" else (None, None)
    action = "closed" if state == "closed" else "reopened"
    issue.happened.append(Happening(action, by, issue.updated_at))
    if issue.pull:
        emit(world, repository, issue, action, by)


def edit(world: World, issue: Issue, sent: Mapping[str, Any]) -> None:
    """Change title and body to what was sent of them."""
    before = issue.title, issue.body
    issue.title, issue.body = sent.get("title") or issue.title, sent.get("body", issue.body)
    if (issue.title, issue.body) != before:
        issue.updated_at = world.clock.stamp()
