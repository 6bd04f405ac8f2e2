"""Workflows, their runs, jobs and artifacts, and the events that start them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from release_tools.sandbox.answers import Json, commits, node, people, repositories, when
from release_tools.sandbox.automation import Artifact, Job, Run
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account

KEPT = timedelta(days=90)


def workflow(repository: Repository, path: str) -> Json:
    """A workflow: a file below `.github/workflows`."""
    identity = repository.workflows[path]
    file = path.rpartition("/")[2]
    return {
        "id": identity,
        "node_id": node("W", identity),
        "name": file.rpartition(".")[0],
        "path": path,
        "state": "active",
        "created_at": when(repository.created_at),
        "updated_at": when(repository.created_at),
        "url": f"{repository.api}/actions/workflows/{identity}",
        "html_url": f"{repository.html}/blob/{repository.default_branch}/{path}",
        "badge_url": f"{repository.html}/workflows/{file}/badge.svg",
    }


def run(repository: Repository, one: Run) -> Json:
    """A workflow's run."""
    url = f"{repository.api}/actions/runs/{one.id}"
    links = ("jobs", "logs", "artifacts", "cancel", "rerun")
    name = one.path.rpartition("/")[2].rpartition(".")[0]
    actor = people.account(repository.site, one.actor)
    return {
        "id": one.id,
        "name": name,
        "node_id": node("WFR", one.id),
        "head_branch": one.head_branch,
        "head_sha": one.head_sha,
        "path": one.path,
        "display_title": one.title or name,
        "run_number": one.number,
        "run_attempt": 1,
        "event": one.event,
        "status": one.status,
        "conclusion": one.conclusion,
        "workflow_id": repository.workflows[one.path],
        "url": url,
        "html_url": f"{repository.html}/actions/runs/{one.id}",
        "pull_requests": [],
        "created_at": when(one.created_at),
        "updated_at": when(one.updated_at),
        "run_started_at": when(one.created_at),
        "actor": actor,
        "triggering_actor": actor,
        **{f"{link}_url": f"{url}/{link}" for link in links},
        "check_suite_url": f"{repository.api}/check-suites/{one.id}",
        "workflow_url": f"{repository.api}/actions/workflows/{repository.workflows[one.path]}",
        "head_commit": commits.summary(repository, one.head_sha),
        "repository": repositories.minimal(repository),
        "head_repository": repositories.minimal(repository),
    }


def job(repository: Repository, run: Run, one: Job) -> Json:
    """A job of a run."""
    return {
        "id": one.id,
        "run_id": run.id,
        "run_url": f"{repository.api}/actions/runs/{run.id}",
        "run_attempt": 1,
        "node_id": node("J", one.id),
        "head_sha": run.head_sha,
        "head_branch": run.head_branch,
        "url": f"{repository.api}/actions/jobs/{one.id}",
        "html_url": f"{repository.html}/actions/runs/{run.id}/job/{one.id}",
        "status": one.status,
        "conclusion": one.conclusion,
        "created_at": when(one.started_at),
        "started_at": when(one.started_at),
        "completed_at": when(one.completed_at),
        "name": one.name,
        "steps": [],
        "check_run_url": f"{repository.api}/check-runs/{one.id}",
        "labels": list(one.labels),
        "runner_id": None,
        "runner_name": None,
        "runner_group_id": None,
        "runner_group_name": None,
        "workflow_name": run.path.rpartition("/")[2].rpartition(".")[0],
    }


def artifact(repository: Repository, run: Run, one: Artifact) -> Json:
    """A zip that a run left behind."""
    url = f"{repository.api}/actions/artifacts/{one.id}"
    return {
        "id": one.id,
        "node_id": node("ART", one.id),
        "name": one.name,
        "size_in_bytes": len(one.content),
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": one.expired,
        "digest": f"sha256:{hashlib.sha256(one.content).hexdigest()}",
        "created_at": when(one.created_at),
        "updated_at": when(one.created_at),
        "expires_at": when(one.created_at + KEPT),
        "workflow_run": {
            "id": run.id,
            "repository_id": repository.id,
            "head_repository_id": repository.id,
            "head_branch": run.head_branch,
            "head_sha": run.head_sha,
        },
    }


def dispatch_event(
    repository: Repository, by: Account, path: str, ref: str, inputs: Mapping[str, object]
) -> Json:
    """A `workflow_dispatch` event."""
    return {
        "inputs": dict(inputs),
        "ref": ref,
        "repository": repositories.whole(repository),
        "sender": people.account(repository.site, by),
        "workflow": path,
    }


def repository_dispatch_event(
    repository: Repository, by: Account, kind: str, payload: Mapping[str, object]
) -> Json:
    """A `repository_dispatch` event."""
    return {
        "action": kind,
        "branch": repository.default_branch,
        "client_payload": dict(payload),
        "repository": repositories.whole(repository),
        "sender": people.account(repository.site, by),
        "installation": {"id": 1, "node_id": node("INS", 1)},
    }
