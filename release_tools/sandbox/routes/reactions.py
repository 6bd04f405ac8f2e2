"""Reactions to issues, pull requests and what is said on them."""

from __future__ import annotations

from flask import Blueprint, request

from release_tools.model import Permission
from release_tools.sandbox import comments
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json
from release_tools.sandbox.answers import comments as answers
from release_tools.sandbox.errors import not_found
from release_tools.sandbox.nouns import Issue, Reaction, Repository
from release_tools.sandbox.pages import Answer, body, one_of, page, required
from release_tools.sandbox.routes.comments import PERMISSIONS, find

routes = Blueprint("reactions", __name__, url_prefix="/repos/<owner>/<repo>/issues")
TO_COMMENT = "/comments/<int:comment_id>/reactions"
TO_ISSUE = "/<int:issue_number>/reactions"


@routes.get(TO_COMMENT)
def to_comment(repository: Repository, comment_id: int) -> Answer:
    return _listed(find(repository, comment_id)[1].reactions)


@routes.post(TO_COMMENT)
def react_to_comment(repository: Repository, comment_id: int) -> tuple[Json, int]:
    return _react(repository, find(repository, comment_id)[1].reactions)


@routes.delete(f"{TO_COMMENT}/<int:reaction_id>")
def take_back_from_comment(repository: Repository, comment_id: int, reaction_id: int) -> tuple[str, int]:
    return _take_back(repository, find(repository, comment_id)[1].reactions, reaction_id)


@routes.get(TO_ISSUE)
def to_issue(repository: Repository, issue: Issue) -> Answer:
    return _listed(issue.reactions)


@routes.post(TO_ISSUE)
def react_to_issue(repository: Repository, issue: Issue) -> tuple[Json, int]:
    return _react(repository, issue.reactions)


def _listed(reactions: list[Reaction]) -> Answer:
    content = request.args.get("content")
    found = [one for one in reactions if content in (None, one.content)]
    return page(found, lambda one: answers.reaction(world().site, one))


def _react(repository: Repository, reactions: list[Reaction]) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.READ, *PERMISSIONS), body()
    required(sent, "Reaction", "content")
    one_of(sent, "Reaction", "content", answers.REACTIONS)
    reaction, new = comments.react(world(), reactions, by, sent["content"])
    return answers.reaction(world().site, reaction), 201 if new else 200


def _take_back(repository: Repository, reactions: list[Reaction], reaction_id: int) -> tuple[str, int]:
    by = caller().may(repository, Permission.READ, *PERMISSIONS)
    found = [one for one in reactions if one.id == reaction_id and one.user is by]
    if not found:
        raise not_found()
    reactions.remove(found[0])
    return "", 204
