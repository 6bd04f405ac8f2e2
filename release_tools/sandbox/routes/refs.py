"""Branches, tags and other refs."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox import pushes
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, commits
from release_tools.sandbox.errors import Refusal, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import Answer, body, page, required

routes = Blueprint("refs", __name__, url_prefix="/repos/<owner>/<repo>")


@routes.get("/git/ref/<path:ref>")
def one(repository: Repository, ref: str) -> Json:
    sha = repository.git.ref(f"refs/{ref}")
    if not sha:
        raise not_found()
    return commits.ref(repository, f"refs/{ref}", sha)


@routes.get("/git/matching-refs/<path:ref>")
def matching(repository: Repository, ref: str) -> Answer:
    found = list(repository.git.refs(f"refs/{ref}").items())
    return page(found, lambda pair: commits.ref(repository, *pair))


@routes.post("/git/refs")
def create(repository: Repository) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.WRITE, "contents:write"), body()
    required(sent, "Reference", "ref", "sha")
    name, sha = sent["ref"], sent["sha"]
    if not name.startswith(("refs/heads/", "refs/tags/")):
        raise Refusal(422, "Reference name must start with 'refs/heads/' or 'refs/tags/'.")
    if repository.git.ref(name):
        raise Refusal(422, "Reference already exists")
    if not repository.git.kind(sha) or not repository.git.set_ref(name, sha):
        raise Refusal(422, "Object does not exist")
    pushes.notice(world(), repository, by)
    return commits.ref(repository, name, sha), 201


@routes.patch("/git/refs/<path:ref>")
def move(repository: Repository, ref: str) -> Json:
    by, sent = caller().may(repository, Permission.WRITE, "contents:write"), body()
    required(sent, "Reference", "sha")
    name, sha = f"refs/{ref}", sent["sha"]
    before = repository.git.ref(name)
    if not before:
        raise Refusal(422, "Reference does not exist")
    if not repository.git.kind(sha):
        raise Refusal(422, "Object does not exist")
    if not sent.get("force") and not repository.git.is_ancestor(before, sha):
        raise Refusal(422, "Update is not a fast forward")
    repository.git.set_ref(name, sha)
    pushes.notice(world(), repository, by)
    return commits.ref(repository, name, sha)


@routes.delete("/git/refs/<path:ref>")
def delete(repository: Repository, ref: str) -> tuple[str, int]:
    by = caller().may(repository, Permission.WRITE, "contents:write")
    if not repository.git.ref(f"refs/{ref}"):
        raise Refusal(422, "Reference does not exist")
    repository.git.set_ref(f"refs/{ref}", "")
    pushes.notice(world(), repository, by)
    return "", 204


@routes.get("/branches")
def branches(repository: Repository) -> Answer:
    return page(_named(repository, "refs/heads/"), lambda pair: commits.short_branch(repository, *pair))


@routes.get("/branches/<path:branch>")
def branch(repository: Repository, branch: str) -> Json:
    sha = repository.git.ref(f"refs/heads/{branch}")
    if not sha:
        raise Refusal(404, "Branch not found")
    return commits.branch(world(), repository, branch, sha)


@routes.get("/tags")
def tags(repository: Repository) -> Answer:
    return page(_named(repository, "refs/tags/")[::-1], lambda pair: commits.short_tag(repository, *pair))


def _named(repository: Repository, prefix: str) -> list[tuple[str, str]]:
    refs = repository.git.refs(prefix)
    return [(name.removeprefix(prefix), repository.git.resolve(sha)) for name, sha in refs.items()]
