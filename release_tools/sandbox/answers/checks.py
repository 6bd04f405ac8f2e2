"""Check runs and commit statuses."""

from __future__ import annotations

from release_tools.sandbox.answers import Json, node, people, repositories, when
from release_tools.sandbox.automation import CheckRun, Status
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account


def check_run(repository: Repository, one: CheckRun) -> Json:
    """A check run."""
    url = f"{repository.api}/check-runs/{one.id}"
    page = f"{repository.html}/runs/{one.id}"
    output = {key: one.output.get(key) for key in ("title", "summary", "text")}
    return {
        "id": one.id,
        "node_id": node("CR", one.id),
        "head_sha": one.sha,
        "external_id": one.external_id,
        "url": url,
        "html_url": page,
        "details_url": one.details_url or page,
        "status": one.status,
        "conclusion": one.conclusion,
        "started_at": when(one.started_at),
        "completed_at": when(one.completed_at),
        "output": {**output, "annotations_count": 0, "annotations_url": f"{url}/annotations"},
        "name": one.name,
        "check_suite": {"id": one.suite},
        "app": people.app(repository.site, one.app),
        "pull_requests": [],
    }


def status(repository: Repository, one: Status) -> Json:
    """A commit status."""
    return {
        "url": f"{repository.api}/statuses/{one.sha}",
        "avatar_url": f"{repository.site.html}/{one.creator.login}.png",
        "id": one.id,
        "node_id": node("SC", one.id),
        "state": one.state,
        "description": one.description,
        "target_url": one.target_url,
        "context": one.context,
        "created_at": when(one.created_at),
        "updated_at": when(one.created_at),
    }


def event(repository: Repository, one: CheckRun, action: str, by: Account) -> Json:
    """A `check_run` event."""
    return {
        "action": action,
        "check_run": {**check_run(repository, one), "check_suite": _suite(repository, one)},
        "repository": repositories.whole(repository),
        "sender": people.account(repository.site, by),
    }


def _suite(repository: Repository, one: CheckRun) -> Json:
    return {
        "id": one.suite,
        "node_id": node("CS", one.suite),
        "head_branch": None,
        "head_sha": one.sha,
        "status": one.status,
        "conclusion": one.conclusion,
        "url": f"{repository.api}/check-suites/{one.suite}",
        "before": None,
        "after": one.sha,
        "pull_requests": [],
        "app": people.app(repository.site, one.app),
        "created_at": when(one.started_at),
        "updated_at": when(one.completed_at or one.started_at),
    }
