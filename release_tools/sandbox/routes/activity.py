"""What happened to a repository's branches, and when GitHub saw it, which nobody forges."""

from __future__ import annotations

from flask import Blueprint, request

from release_tools.sandbox.access import world
from release_tools.sandbox.answers import Json, node, people, when
from release_tools.sandbox.git import NULL
from release_tools.sandbox.nouns import Activity, Repository
from release_tools.sandbox.pages import Answer, page

routes = Blueprint("activity", __name__, url_prefix="/repos/<owner>/<repo>")


@routes.get("/activity")
def activity(repository: Repository) -> Answer:
    """The newest first."""
    wanted = request.args.get("ref", "")
    names = {wanted, f"refs/heads/{wanted}"}
    found = [one for one in reversed(repository.activity) if not wanted or one.ref in names]
    return page(found, lambda one: _one(repository, one))


def _one(repository: Repository, one: Activity) -> Json:
    return {
        "id": one.id,
        "node_id": node("PSH", one.id),
        "before": one.before,
        "after": one.after,
        "ref": one.ref,
        "timestamp": when(one.at),
        "activity_type": _kind(repository, one),
        "actor": people.account(world().site, one.by),
    }


def _kind(repository: Repository, one: Activity) -> str:
    if NULL in {one.before, one.after}:
        return "branch_creation" if one.before == NULL else "branch_deletion"
    return "push" if repository.git.is_ancestor(one.before, one.after) else "force_push"
