"""Says things on issues and pull requests: comments and reactions."""

from __future__ import annotations

from release_tools.sandbox.answers import comments as answers
from release_tools.sandbox.errors import invalid
from release_tools.sandbox.nouns import Comment, Issue, Reaction, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

LONGEST = 65_536


def write(world: World, repository: Repository, issue: Issue, by: Account, body: str) -> Comment:
    """A new comment.

    Raises:
      Refusal: 422 for one that is empty or too long.
    """
    _check(body)
    now = world.clock.stamp()
    comment = Comment(world.ids.next(), by, body, now, now)
    issue.comments.append(comment)
    issue.updated_at = now
    _emit(world, repository, issue, comment, "created", by)
    return comment


def edit(
    world: World, repository: Repository, issue: Issue, comment: Comment, by: Account, body: str
) -> None:
    """Say something else; `updated_at` tells.

    Raises:
      Refusal: 422.
    """
    _check(body)
    before = comment.body
    comment.body, comment.updated_at = body, world.clock.stamp()
    _emit(world, repository, issue, comment, "edited", by, changes={"body": {"from": before}})


def delete(world: World, repository: Repository, issue: Issue, comment: Comment, by: Account) -> None:
    """Take a comment away."""
    issue.comments.remove(comment)
    _emit(world, repository, issue, comment, "deleted", by)


def react(world: World, reactions: list[Reaction], by: Account, content: str) -> tuple[Reaction, bool]:
    """Somebody's reaction, and whether it is new."""
    found = [one for one in reactions if one.user is by and one.content == content]
    if found:
        return found[0], False
    made = Reaction(world.ids.next(), by, content, world.clock.stamp())
    reactions.append(made)
    return made, True


def _check(body: str) -> None:
    if not body.strip():
        raise invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")
    if len(body) > LONGEST:
        message = f"body is too long (maximum is {LONGEST} characters)"
        raise invalid("IssueComment", "data", "unprocessable", message)


def _emit(
    world: World,
    repository: Repository,
    issue: Issue,
    comment: Comment,
    action: str,
    by: Account,
    **more: object,
) -> None:
    world.events.emit(
        "issue_comment",
        repository,
        by,
        lambda: answers.event(world, repository, issue, comment, action, by, **more),
    )
