"""Repositories, as short or as long as GitHub's answers have them."""

from __future__ import annotations

from release_tools.sandbox.answers import Json, node, people, when
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

LINKS = {
    "archive": "{archive_format}{/ref}",
    "assignees": "assignees{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "branches{/branch}",
    "collaborators": "collaborators{/collaborator}",
    "comments": "comments{/number}",
    "commits": "commits{/sha}",
    "compare": "compare/{base}...{head}",
    "contents": "contents/{+path}",
    "contributors": "contributors",
    "deployments": "deployments",
    "downloads": "downloads",
    "events": "events",
    "forks": "forks",
    "git_commits": "git/commits{/sha}",
    "git_refs": "git/refs{/sha}",
    "git_tags": "git/tags{/sha}",
    "hooks": "hooks",
    "issue_comment": "issues/comments{/number}",
    "issue_events": "issues/events{/number}",
    "issues": "issues{/number}",
    "keys": "keys{/key_id}",
    "labels": "labels{/name}",
    "languages": "languages",
    "merges": "merges",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "pulls": "pulls{/number}",
    "releases": "releases{/id}",
    "stargazers": "stargazers",
    "statuses": "statuses/{sha}",
    "subscribers": "subscribers",
    "subscription": "subscription",
    "tags": "tags",
    "teams": "teams",
    "trees": "git/trees{/sha}",
}


def minimal(one: Repository) -> Json:
    """What every answer that names a repository holds."""
    links = {f"{name}_url": f"{one.api}/{rest}" for name, rest in LINKS.items()}
    return {
        "id": one.id,
        "node_id": node("R", one.id),
        "name": one.name,
        "full_name": one.full_name,
        "private": one.private,
        "owner": people.account(one.site, one.owner),
        "html_url": one.html,
        "description": one.description,
        "fork": one.parent is not None,
        "url": one.api,
        **links,
    }


def whole(one: Repository) -> Json:
    """A repository inside another answer, such as a pull request's."""
    open_issues = sum(issue.state == "open" for issue in one.issues.values())
    return {
        **minimal(one),
        "git_url": f"git:{one.html.partition(':')[2]}.git",
        "ssh_url": f"git@{one.site.html.partition('//')[2]}:{one.full_name}.git",
        "clone_url": f"{one.html}.git",
        "svn_url": one.html,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "size": 0,
        "default_branch": one.default_branch,
        **{f"{name}_count": 0 for name in ("forks", "stargazers", "watchers")},
        "open_issues_count": open_issues,
        "open_issues": open_issues,
        "forks": 0,
        "watchers": 0,
        **{
            f"has_{name}": name == "issues" for name in ("issues", "projects", "wiki", "pages", "discussions")
        },
        "archived": False,
        "disabled": False,
        "visibility": "private" if one.private else "public",
        "topics": [],
        "is_template": False,
        "pushed_at": when(one.updated_at),
        "created_at": when(one.created_at),
        "updated_at": when(one.updated_at),
    }


def full(world: World, one: Repository, viewer: Account | None) -> Json:
    """A repository asked for by name."""
    lineage = {"parent": whole(one.parent), "source": whole(one.parent)} if one.parent else {}
    return {
        **whole(one),
        "subscribers_count": 0,
        "network_count": 0,
        "permissions": people.permissions(world.role(viewer, one)),
        **lineage,
    }
