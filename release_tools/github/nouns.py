"""PyGithub's objects as our nouns; reads only what the answers hold, so that nothing more is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_tools.model import (
    GHOST,
    Check,
    IssueComment,
    Permission,
    Person,
    PullRequest,
    Review,
    ReviewState,
    WorkflowRun,
)

if TYPE_CHECKING:
    from github.CheckRun import CheckRun
    from github.IssueComment import IssueComment as GivenComment
    from github.NamedUser import NamedUser
    from github.Organization import Organization
    from github.PullRequest import PullRequest as GivenPullRequest
    from github.PullRequestReview import PullRequestReview
    from github.WorkflowRun import WorkflowRun as GivenRun


def person(user: NamedUser | Organization | None) -> Person:
    """An account; one that is gone is `ghost`."""
    if user is None:
        return GHOST
    return Person(user.login, user.id, bot=user.type == "Bot" or user.login.endswith("[bot]"))


def pull_request(repository: str, found: GivenPullRequest) -> PullRequest:
    """A pull request of `repository`'s."""
    return PullRequest(
        repository=repository,
        number=found.number,
        author=person(found.user),
        title=found.title,
        body=found.body or "",
        state=found.state,
        merged=found.merged_at is not None,  # which lists tell, too
        base_ref=found.base.ref,
        base_sha=found.base.sha,
        head_ref=found.head.ref,
        head_sha=found.head.sha,
        head_repository=found.head.repo.full_name if found.head.repo else "",
        labels=tuple(label.name for label in found.labels),
        url=found.html_url,
    )


def comment(found: GivenComment) -> IssueComment:
    """A comment; GitHub moves its `updated_at` when its text is edited."""
    return IssueComment(
        id=found.id,
        author=person(found.user),
        body=found.body or "",
        created_at=found.created_at,
        url=found.html_url,
        edited=found.updated_at > found.created_at,
    )


def review(found: PullRequestReview) -> Review:
    """A review that was submitted."""
    return Review(
        id=found.id,
        author=person(found.user),
        state=ReviewState(found.state),
        sha=found.commit_id or "",
        submitted_at=found.submitted_at,
        url=found.html_url,
    )


def check(found: CheckRun) -> Check:
    """A check run."""
    return Check(
        id=found.id,
        name=found.name,
        sha=found.head_sha,
        external_id=found.external_id or "",
        status=found.status,
        conclusion=found.conclusion or "",
        url=found.html_url or "",
        app=found.app.slug if found.app else "",
        title=found.output.title or "",
        summary=found.output.summary or "",
        details_url=found.details_url or "",
    )


def workflow_run(found: GivenRun) -> WorkflowRun:
    """A run; GitHub writes a reusable workflow's ref behind its path."""
    return WorkflowRun(
        id=found.id,
        workflow=found.path.partition("@")[0],
        event=found.event,
        branch=found.head_branch or "",
        sha=found.head_sha,
        head_repository=found.head_repository.full_name if found.head_repository else "",
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def permission(data: dict[str, Any]) -> Permission:
    """The role where GitHub defines it; a role that an organisation made counts as what it builds on."""
    names = {one.name.lower(): one for one in Permission}
    granted = names.get(str(data.get("permission")), Permission.NONE)
    return names.get(str(data.get("role_name")), granted)
