"""Comments on issues and pull requests."""

from __future__ import annotations

from flask import Blueprint, request

from release_tools.model import Permission
from release_tools.sandbox import comments
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, when
from release_tools.sandbox.answers import comments as answers
from release_tools.sandbox.errors import not_found
from release_tools.sandbox.nouns import Comment, Issue, Repository
from release_tools.sandbox.pages import Answer, body, page, required
from release_tools.sandbox.people import Account

routes = Blueprint("comments", __name__, url_prefix="/repos/<owner>/<repo>/issues")
PERMISSIONS = ("issues:write", "pull_requests:write")


@routes.get("/<int:issue_number>/comments")
def all_comments(repository: Repository, issue: Issue) -> Answer:
    since = request.args.get("since", "")
    found = [one for one in issue.comments if (when(one.updated_at) or "") >= since]
    return page(found, lambda one: answers.comment(world(), repository, issue, one))


@routes.post("/<int:issue_number>/comments")
def create(repository: Repository, issue: Issue) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.READ, *PERMISSIONS), body()
    required(sent, "IssueComment", "body")
    made = comments.write(world(), repository, issue, by, sent["body"])
    return answers.comment(world(), repository, issue, made), 201


@routes.get("/comments/<int:comment_id>")
def one(repository: Repository, comment_id: int) -> Json:
    return answers.comment(world(), repository, *find(repository, comment_id))


@routes.patch("/comments/<int:comment_id>")
def change(repository: Repository, comment_id: int) -> Json:
    issue, comment = find(repository, comment_id)
    by, sent = _owner(repository, comment), body()
    required(sent, "IssueComment", "body")
    comments.edit(world(), repository, issue, comment, by, sent["body"])
    return answers.comment(world(), repository, issue, comment)


@routes.delete("/comments/<int:comment_id>")
def delete(repository: Repository, comment_id: int) -> tuple[str, int]:
    issue, comment = find(repository, comment_id)
    comments.delete(world(), repository, issue, comment, _owner(repository, comment))
    return "", 204


def find(repository: Repository, comment_id: int) -> tuple[Issue, Comment]:
    """A comment and what it is on.

    Raises:
      Refusal: 404.
    """
    for issue in repository.issues.values():
        for comment in issue.comments:
            if comment.id == comment_id:
                return issue, comment
    raise not_found()


def _owner(repository: Repository, comment: Comment) -> Account:
    """Whoever may change a comment: its author, and those who may write to the repository."""
    role = Permission.READ if comment.user is caller().account else Permission.WRITE
    return caller().may(repository, role, *PERMISSIONS)
