"""Labels: a repository's, and those on an issue or pull request."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox import labels
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, comments
from release_tools.sandbox.errors import Refusal, invalid, not_found
from release_tools.sandbox.nouns import Issue, Label, Repository
from release_tools.sandbox.pages import Answer, body, page, required
from release_tools.sandbox.people import Account

routes = Blueprint("labels", __name__, url_prefix="/repos/<owner>/<repo>")
ON_ISSUE = "/issues/<int:issue_number>/labels"


@routes.get("/labels")
def all_labels(repository: Repository) -> Answer:
    return page(list(repository.labels.values()), lambda one: comments.label(repository, one))


@routes.post("/labels")
def create(repository: Repository) -> tuple[Json, int]:
    caller().may(repository, Permission.WRITE, "issues:write", "pull_requests:write")
    sent = body()
    required(sent, "Label", "name")
    if sent["name"].casefold() in repository.labels:
        raise invalid("Label", "name", "already_exists")
    made = labels.label(world(), repository, sent["name"])
    made.color, made.description = sent.get("color") or made.color, sent.get("description")
    return comments.label(repository, made), 201


@routes.get("/labels/<name>")
def one(repository: Repository, name: str) -> Json:
    return comments.label(repository, _known(repository, name))


@routes.delete("/labels/<name>")
def delete(repository: Repository, name: str) -> tuple[str, int]:
    caller().may(repository, Permission.WRITE, "issues:write", "pull_requests:write")
    gone = _known(repository, name)
    del repository.labels[gone.name.casefold()]
    for issue in repository.issues.values():
        issue.labels = [label for label in issue.labels if label is not gone]
    return "", 204


@routes.get(ON_ISSUE)
def on_issue(repository: Repository, issue: Issue) -> Answer:
    return page(issue.labels, lambda one: comments.label(repository, one))


@routes.post(ON_ISSUE)
def add(repository: Repository, issue: Issue) -> list[Json]:
    by = _labeller(repository)
    known = [labels.label(world(), repository, name) for name in _names()]
    labels.add(world(), repository, issue, known, by)
    return comments.labelled(repository, issue.labels)


@routes.put(ON_ISSUE)
def replace(repository: Repository, issue: Issue) -> list[Json]:
    by = _labeller(repository)
    labels.set_labels(world(), repository, issue, _names(), by)
    return comments.labelled(repository, issue.labels)


@routes.delete(ON_ISSUE)
def clear(repository: Repository, issue: Issue) -> tuple[str, int]:
    by = _labeller(repository)
    labels.set_labels(world(), repository, issue, [], by)
    return "", 204


@routes.delete(f"{ON_ISSUE}/<name>")
def remove(repository: Repository, issue: Issue, name: str) -> list[Json]:
    by = _labeller(repository)
    found = [one for one in issue.labels if one.name.casefold() == name.casefold()]
    if not found:
        raise Refusal(404, "Label does not exist")
    labels.remove(world(), repository, issue, found[0], by)
    return comments.labelled(repository, issue.labels)


def _labeller(repository: Repository) -> Account:
    return caller().may(repository, Permission.TRIAGE, "issues:write", "pull_requests:write")


def _names() -> list[str]:
    """The labels that were sent: a list, or a list under `labels`, of names or objects."""
    sent = body(list)
    given = sent.get("labels", []) if isinstance(sent, dict) else sent
    return [one if isinstance(one, str) else one["name"] for one in given]


def _known(repository: Repository, name: str) -> Label:
    found = repository.labels.get(name.casefold())
    if not found:
        raise not_found()
    return found
