"""Repositories and their forks."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox import pushes
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, repositories
from release_tools.sandbox.errors import Refusal, invalid, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import Answer, body, page, required

routes = Blueprint("repositories", __name__, url_prefix="/repos/<owner>/<repo>")


@routes.get("")
def repository(repository: Repository) -> Json:
    return repositories.full(world(), repository, caller().account)


@routes.get("/forks")
def forks(repository: Repository) -> Answer:
    return page([one for one in world().repositories() if one.parent is repository], repositories.minimal)


@routes.post("/forks")
def fork(repository: Repository) -> tuple[Json, int]:
    by, sent = caller().somebody(), body()
    owner = world().account(sent["organization"]) if sent.get("organization") else by
    if not owner or (owner is not by and owner.members.get(by.id) is None):
        raise invalid("Fork", "organization")
    there = (one for one in world().repositories() if one.parent is repository and one.owner is owner)
    made = next(there, None) or world().fork(repository, owner, sent.get("name") or "")
    return repositories.full(world(), made, by), 202


@routes.post("/merge-upstream")
def merge_upstream(repository: Repository) -> Json:
    """Bring a fork's branch up to its parent's, by fast-forward or by a merge."""
    by, sent = caller().may(repository, Permission.WRITE, "contents:write"), body()
    required(sent, "Repository", "branch")
    branch, parent = sent["branch"], repository.parent
    if not parent or not parent.git.ref(f"refs/heads/{branch}"):
        raise not_found()
    ref, git = f"refs/heads/{branch}", repository.git
    theirs = parent.git.ref(ref)
    git.fetch(parent.git.folder, ref)
    ours = git.ref(ref)
    if ours and git.is_ancestor(theirs, ours):
        return _merged(
            "none", f"This branch is not behind the upstream {_label(parent, branch)}.", parent, branch
        )
    if not ours or git.is_ancestor(ours, theirs):
        git.set_ref(ref, theirs)
        kind, message = "fast-forward", "Successfully fetched and fast-forwarded from upstream"
    else:
        tree = git.merged_tree(ours, theirs)
        if not tree:
            raise Refusal(409, "There are merge conflicts")
        who = world().signature(by)
        text = f"Merge branch '{_label(parent, branch)}' into {branch}"
        git.set_ref(ref, git.write_commit(tree, (ours, theirs), text, who, who))
        kind, message = "merge", "Successfully fetched and merged from upstream"
    pushes.notice(world(), repository, by)
    return _merged(kind, f"{message} {_label(parent, branch)}.", parent, branch)


def _label(parent: Repository, branch: str) -> str:
    return f"{parent.owner.login}:{branch}"


def _merged(kind: str, message: str, parent: Repository, branch: str) -> Json:
    return {"merge_type": kind, "message": message, "base_branch": _label(parent, branch)}
