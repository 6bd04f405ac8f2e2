"""Issues, and pull requests seen as issues: their text, state and reactions."""

from __future__ import annotations

from flask import Blueprint, request

from release_tools.model import Permission
from release_tools.sandbox import pulls
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, issues
from release_tools.sandbox.labels import set_labels
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.pages import Answer, body, one_of, page, required

routes = Blueprint("issues", __name__, url_prefix="/repos/<owner>/<repo>/issues")


@routes.get("")
def all_issues(repository: Repository) -> Answer:
    state = request.args.get("state", "open")
    wanted = set(filter(None, request.args.get("labels", "").split(",")))
    found = [
        issue
        for issue in sorted(repository.issues.values(), key=lambda one: one.number, reverse=True)
        if state in ("all", issue.state) and wanted <= {label.name for label in issue.labels}
    ]
    return page(found, lambda issue: issues.issue(world(), repository, issue))


@routes.post("")
def create(repository: Repository) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.READ, "issues:write"), body()
    required(sent, "Issue", "title")
    issue = pulls.open_issue(world(), repository, by, sent["title"], sent.get("body"))
    if world().role(by, repository) >= Permission.TRIAGE:
        set_labels(world(), repository, issue, sent.get("labels") or [], by)
    return issues.issue(world(), repository, issue), 201


@routes.get("/<int:issue_number>")
def one(repository: Repository, issue: Issue) -> Json:
    return issues.issue(world(), repository, issue)


@routes.patch("/<int:issue_number>")
def change(repository: Repository, issue: Issue) -> Json:
    role = Permission.READ if caller().account is issue.user else Permission.TRIAGE
    by, sent = caller().may(repository, role, "issues:write", "pull_requests:write"), body()
    one_of(sent, "Issue", "state", ("open", "closed"))
    pulls.edit(world(), issue, sent)
    if "labels" in sent:
        set_labels(world(), repository, issue, sent["labels"], by)
    if sent.get("state"):
        pulls.set_state(world(), repository, issue, sent["state"], by)
        issue.state_reason = sent.get("state_reason")
    return issues.issue(world(), repository, issue)
