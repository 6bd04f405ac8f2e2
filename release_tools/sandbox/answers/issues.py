"""Issues, which pull requests are too."""

from __future__ import annotations

from release_tools.sandbox.answers import Json, comments, node, people, when
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.world import World


def issue(world: World, repository: Repository, one: Issue) -> Json:
    """An issue, or a pull request seen as one."""
    url = f"{repository.api}/issues/{one.number}"
    return {
        "id": one.id,
        "node_id": node("I", one.id),
        "url": url,
        "repository_url": repository.api,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": comments.issue_page(repository, one),
        "number": one.number,
        "state": one.state,
        "state_reason": one.state_reason,
        "title": one.title,
        "body": one.body,
        "user": people.account(repository.site, one.user),
        "labels": comments.labelled(repository, one.labels),
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": len(one.comments),
        "created_at": when(one.created_at),
        "updated_at": when(one.updated_at),
        "closed_at": when(one.closed_at),
        "author_association": world.association(one.user, repository),
        "reactions": comments.rollup(url, one.reactions),
        "performed_via_github_app": None,
        **_pull(repository, one),
    }


def _pull(repository: Repository, one: Issue) -> Json:
    if not one.pull:
        return {}
    page = comments.issue_page(repository, one)
    links = {
        "url": f"{repository.api}/pulls/{one.number}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": when(one.pull.merged_at),
    }
    return {"draft": one.pull.draft, "pull_request": links}
