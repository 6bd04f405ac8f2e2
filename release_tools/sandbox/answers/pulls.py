"""Pull requests, their files and reviews."""

from __future__ import annotations

from release_tools.sandbox.answers import Json, comments, node, people, repositories, when
from release_tools.sandbox.git import Git
from release_tools.sandbox.nouns import Issue, Pull, Repository, Review, ReviewComment
from release_tools.sandbox.objects import Change
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

LINKED = {
    "issue": "/issues/{number}",
    "comments": "/issues/{number}/comments",
    "review_comments": "/pulls/{number}/comments",
    "review_comment": "/pulls/comments{{/number}}",
    "commits": "/pulls/{number}/commits",
    "statuses": "/statuses/{sha}",
}
STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


def simple(world: World, repository: Repository, issue: Issue) -> Json:
    """A pull request in a list."""
    pull = pull_of(issue)
    url, page = f"{repository.api}/pulls/{issue.number}", comments.issue_page(repository, issue)
    links = {
        name: repository.api + path.format(number=issue.number, sha=pull.head_sha)
        for name, path in LINKED.items()
    }
    return {
        "url": url,
        "id": pull.id,
        "node_id": node("PR", pull.id),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        **{f"{name}_url": link for name, link in links.items()},
        "number": issue.number,
        "state": issue.state,
        "locked": False,
        "active_lock_reason": None,
        "title": issue.title,
        "user": people.account(repository.site, issue.user),
        "body": issue.body,
        "labels": comments.labelled(repository, issue.labels),
        "milestone": None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "created_at": when(issue.created_at),
        "updated_at": when(issue.updated_at),
        "closed_at": when(issue.closed_at),
        "merged_at": when(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha,
        "draft": pull.draft,
        "head": _head(pull),
        "base": _base(repository, pull),
        "_links": {name: {"href": link} for name, link in {"self": url, "html": page, **links}.items()},
        "author_association": world.association(issue.user, repository),
        "auto_merge": None,
    }


def full(world: World, repository: Repository, issue: Issue) -> Json:
    """A pull request asked for by its number."""
    pull, git = pull_of(issue), repository.git
    changed = changes(git, pull)
    tip = git.ref(f"refs/heads/{pull.base_ref}") or pull.base_sha
    mergeable = issue.state == "open" and bool(git.merged_tree(tip, pull.head_sha))
    return {
        **simple(world, repository, issue),
        "merged": pull.merged_at is not None,
        "mergeable": mergeable if issue.state == "open" else None,
        "rebaseable": mergeable if issue.state == "open" else None,
        "mergeable_state": ("clean" if mergeable else "dirty") if issue.state == "open" else "unknown",
        "merged_by": people.account_or_none(repository.site, pull.merged_by),
        "comments": len(issue.comments),
        "review_comments": len(pull.comments),
        "maintainer_can_modify": False,
        "commits": len(git.log(f"{pull.base_sha}..{pull.head_sha}")),
        "additions": sum(change.additions for change in changed),
        "deletions": sum(change.deletions for change in changed),
        "changed_files": len(changed),
    }


def changes(git: Git, pull: Pull) -> tuple[Change, ...]:
    """What a pull request changes since it left its base."""
    return git.changes(git.merge_base(pull.base_sha, pull.head_sha), pull.head_sha)


def file(repository: Repository, sha: str, change: Change) -> Json:
    """A changed file at a commit."""
    patch = {"patch": change.patch} if change.patch else {}
    previous = {"previous_filename": change.previous} if change.previous else {}
    return {
        "sha": change.sha,
        "filename": change.path,
        "status": STATUSES[change.status],
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{repository.html}/blob/{sha}/{change.path}",
        "raw_url": f"{repository.html}/raw/{sha}/{change.path}",
        "contents_url": f"{repository.api}/contents/{change.path}?ref={sha}",
        **patch,
        **previous,
    }


def review(world: World, repository: Repository, issue: Issue, one: Review) -> Json:
    """A review."""
    url = f"{repository.api}/pulls/{issue.number}"
    page = f"{comments.issue_page(repository, issue)}#pullrequestreview-{one.id}"
    submitted = {"submitted_at": when(one.submitted_at)} if one.submitted_at else {}
    return {
        "id": one.id,
        "node_id": node("PRR", one.id),
        "user": people.account_or_none(repository.site, one.user),
        "body": one.body,
        "state": one.state,
        "html_url": page,
        "pull_request_url": url,
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        **submitted,
        "commit_id": one.commit_id,
        "author_association": world.association(one.user, repository),
    }


def review_comment(world: World, repository: Repository, issue: Issue, one: ReviewComment) -> Json:
    """A comment on a line."""
    url, pull_url = f"{repository.api}/pulls/comments/{one.id}", f"{repository.api}/pulls/{issue.number}"
    page = f"{comments.issue_page(repository, issue)}#discussion_r{one.id}"
    links = {"self": url, "html": page, "pull_request": pull_url}
    reply = {"in_reply_to_id": one.in_reply_to} if one.in_reply_to else {}
    return {
        "url": url,
        "pull_request_review_id": one.review.id,
        "id": one.id,
        "node_id": node("PRRC", one.id),
        "diff_hunk": one.diff_hunk,
        "path": one.path,
        "commit_id": one.commit_id,
        "original_commit_id": one.review.commit_id,
        "user": people.account(repository.site, one.user),
        "body": one.body,
        "created_at": when(one.created_at),
        "updated_at": when(one.updated_at),
        "html_url": page,
        "pull_request_url": pull_url,
        "author_association": world.association(one.user, repository),
        "_links": {name: {"href": link} for name, link in links.items()},
        "line": one.line,
        "side": one.side,
        "subject_type": "line",
        "reactions": comments.rollup(url, one.reactions),
        **reply,
    }


def event(
    world: World, repository: Repository, issue: Issue, action: str, by: Account, **more: object
) -> Json:
    """A `pull_request` event."""
    return {
        "action": action,
        "number": issue.number,
        "pull_request": full(world, repository, issue),
        "repository": repositories.whole(repository),
        "sender": people.account(repository.site, by),
        **more,
    }


def review_event(
    world: World, repository: Repository, issue: Issue, one: Review, action: str, by: Account
) -> Json:
    """A `pull_request_review` event, whose states are in small letters."""
    said = review(world, repository, issue, one)
    return {
        "action": action,
        "review": {**said, "state": one.state.lower()},
        "pull_request": simple(world, repository, issue),
        "repository": repositories.whole(repository),
        "sender": people.account(repository.site, by),
    }


def pull_of(issue: Issue) -> Pull:
    """What makes an issue a pull request, where it is known to be one."""
    assert issue.pull
    return issue.pull


def _head(pull: Pull) -> Json:
    source = pull.head_repository
    owner = pull.head_owner
    return {
        "label": f"{owner.login}:{pull.head_ref}",
        "ref": pull.head_ref,
        "sha": pull.head_sha,
        "user": people.account(source.site, owner) if source else None,
        "repo": repositories.whole(source) if source else None,
    }


def _base(repository: Repository, pull: Pull) -> Json:
    return {
        "label": f"{repository.owner.login}:{pull.base_ref}",
        "ref": pull.base_ref,
        "sha": pull.base_sha,
        "user": people.account(repository.site, repository.owner),
        "repo": repositories.whole(repository),
    }
