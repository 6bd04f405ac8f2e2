"""What a repository's owners have set, as far as GitHub tells: rules, environments, rights of workflows."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox.access import caller
from release_tools.sandbox.answers import Json, node
from release_tools.sandbox.answers import people as answers
from release_tools.sandbox.errors import not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account

routes = Blueprint("settings", __name__, url_prefix="/repos/<owner>/<repo>")


@routes.get("/rules/branches/<path:branch>")
def rules(repository: Repository, branch: str) -> list[Json]:
    """The rules in force; anybody may know them."""
    return [{"type": rule} for rule in repository.settings.rules.get(branch, ())]


@routes.get("/environments/<environment_name>")
def environment(repository: Repository, environment_name: str) -> Json:
    if environment_name not in repository.settings.environments:
        raise not_found()
    reviewers = repository.settings.environments[environment_name]
    now = "2026-01-01T00:00:00Z"
    return {
        "id": 1,
        "node_id": node("EN", 1),
        "name": environment_name,
        "url": f"{repository.api}/environments/{environment_name}",
        "html_url": f"{repository.html}/deployments/activity_log",
        "created_at": now,
        "updated_at": now,
        "protection_rules": [_reviewed(repository, reviewers)] if reviewers else [],
        "deployment_branch_policy": None,
    }


@routes.get("/actions/permissions/workflow")
def workflow_permissions(repository: Repository) -> Json:
    caller().may(repository, Permission.ADMIN, "administration:read")
    return {
        "default_workflow_permissions": "write" if repository.settings.workflows_write else "read",
        "can_approve_pull_request_reviews": repository.settings.workflows_approve,
    }


def _reviewed(repository: Repository, reviewers: tuple[Account, ...]) -> Json:
    return {
        "id": 1,
        "node_id": node("GA", 1),
        "prevent_self_review": True,
        "type": "required_reviewers",
        "reviewers": [
            {"type": "User", "reviewer": answers.account(repository.site, one)} for one in reviewers
        ],
    }
