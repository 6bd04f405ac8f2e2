"""What a repository's owners have set, as far as GitHub tells: rules, environments, rights of workflows."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox import rulesets
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, node
from release_tools.sandbox.answers import people as answers
from release_tools.sandbox.errors import invalid, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import body
from release_tools.sandbox.people import Account, Team

routes = Blueprint("settings", __name__, url_prefix="/repos/<owner>/<repo>")


@routes.get("/rules/branches/<path:branch>")
def rules(repository: Repository, branch: str) -> list[Json]:
    """The rules in force; anybody may know them."""
    others = [{"type": rule} for rule in repository.settings.rules.get(branch, ())]
    return [*others, *rulesets.in_force(repository, branch)]


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
        "protection_rules": [_reviewed(repository, environment_name, reviewers)] if reviewers else [],
        "deployment_branch_policy": None,
    }


@routes.put("/environments/<environment_name>")
def set_environment(repository: Repository, environment_name: str) -> Json:
    caller().may(repository, Permission.ADMIN, "administration:write")
    sent = body()
    reviewers = tuple(_reviewer(one) for one in sent.get("reviewers") or [])
    if len(reviewers) > 6:
        raise invalid("Environment", "reviewers")
    repository.settings.environments[environment_name] = reviewers
    allow = repository.settings.self_review
    (allow.discard if sent.get("prevent_self_review") else allow.add)(environment_name)
    return environment(repository, environment_name)


@routes.put("/actions/permissions/workflow")
def set_workflow_permissions(repository: Repository) -> tuple[str, int]:
    caller().may(repository, Permission.ADMIN, "administration:write")
    sent, settings = body(), repository.settings
    settings.workflows_write = sent.get("default_workflow_permissions", "read") == "write"
    settings.workflows_approve = bool(sent.get("can_approve_pull_request_reviews"))
    return "", 204


@routes.get("/actions/permissions/workflow")
def workflow_permissions(repository: Repository) -> Json:
    caller().may(repository, Permission.ADMIN, "administration:read")
    return {
        "default_workflow_permissions": "write" if repository.settings.workflows_write else "read",
        "can_approve_pull_request_reviews": repository.settings.workflows_approve,
    }


def _reviewer(sent: Json) -> Account | Team:
    """Who has that number."""
    found: Account | Team | None = (
        world().teams.get(sent["id"]) if sent["type"] == "Team" else world().account_of(sent["id"])
    )
    if not found:
        raise invalid("Environment", "reviewers")
    return found


def _reviewed(repository: Repository, name: str, reviewers: tuple[Account | Team, ...]) -> Json:
    return {
        "id": 1,
        "node_id": node("GA", 1),
        "prevent_self_review": name not in repository.settings.self_review,
        "type": "required_reviewers",
        "reviewers": [_said(repository, one) for one in reviewers],
    }


def _said(repository: Repository, one: Account | Team) -> Json:
    if isinstance(one, Team):
        return {"type": "Team", "reviewer": answers.team(repository.site, one)}
    return {"type": "User", "reviewer": answers.account(repository.site, one)}
