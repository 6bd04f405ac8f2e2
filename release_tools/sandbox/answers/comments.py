"""Comments, reactions and labels."""

from __future__ import annotations

from collections.abc import Sequence

from release_tools.sandbox.answers import Json, node, people, when
from release_tools.sandbox.nouns import Comment, Issue, Label, Reaction, Repository
from release_tools.sandbox.people import Account, Site
from release_tools.sandbox.world import World

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def comment(world: World, repository: Repository, issue: Issue, one: Comment) -> Json:
    """A comment on an issue or pull request."""
    url = f"{repository.api}/issues/comments/{one.id}"
    return {
        "id": one.id,
        "node_id": node("IC", one.id),
        "url": url,
        "html_url": f"{issue_page(repository, issue)}#issuecomment-{one.id}",
        "issue_url": f"{repository.api}/issues/{issue.number}",
        "user": people.account(repository.site, one.user),
        "created_at": when(one.created_at),
        "updated_at": when(one.updated_at),
        "author_association": world.association(one.user, repository),
        "body": one.body,
        "reactions": rollup(url, one.reactions),
        "performed_via_github_app": None,
    }


def issue_page(repository: Repository, issue: Issue) -> str:
    """Where people read it."""
    return f"{repository.html}/{'pull' if issue.pull else 'issues'}/{issue.number}"


def rollup(url: str, reactions: Sequence[Reaction]) -> Json:
    """How often each reaction was given."""
    counts = {content: sum(one.content == content for one in reactions) for content in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(reactions), **counts}


def reaction(site: Site, one: Reaction) -> Json:
    """A reaction."""
    return {
        "id": one.id,
        "node_id": node("REA", one.id),
        "user": people.account(site, one.user),
        "content": one.content,
        "created_at": when(one.created_at),
    }


def label(repository: Repository, one: Label) -> Json:
    """A label of a repository."""
    return {
        "id": one.id,
        "node_id": node("LA", one.id),
        "url": f"{repository.api}/labels/{one.name}",
        "name": one.name,
        "description": one.description,
        "color": one.color,
        "default": False,
        "archived_at": None,
        "archived_by": None,
    }


def labelled(repository: Repository, labels: Sequence[Label]) -> list[Json]:
    """Labels inside another answer."""
    return [label(repository, one) for one in labels]


def event(
    world: World, repository: Repository, issue: Issue, one: Comment, action: str, by: Account, **more: object
) -> Json:
    """An `issue_comment` event."""
    from release_tools.sandbox.answers import issues, repositories

    return {
        "action": action,
        "issue": issues.issue(world, repository, issue),
        "comment": comment(world, repository, issue, one),
        "repository": repositories.whole(repository),
        "sender": people.account(repository.site, by),
        **more,
    }
