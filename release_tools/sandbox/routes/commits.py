"""Commits, compared and listed, and the objects that git keeps."""

from __future__ import annotations

import base64

from flask import Blueprint, Response, request

from release_tools.model import Permission
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, commits, node
from release_tools.sandbox.errors import Refusal, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import Answer, body, page, required
from release_tools.sandbox.routes.checks import commit_of

routes = Blueprint("commits", __name__, url_prefix="/repos/<owner>/<repo>")


@routes.get("/commits")
def log(repository: Repository) -> Answer:
    sha = repository.git.resolve(request.args.get("sha") or repository.default_branch)
    if not sha:
        raise not_found()
    return page(repository.git.log(sha), lambda one: commits.commit(world(), repository, one))


@routes.get("/commits/<path:ref>")
def one(repository: Repository, ref: str) -> Json | Response:
    sha = commit_of(repository, ref)
    if "sha" in request.headers.get("Accept", ""):
        return Response(sha, content_type="application/vnd.github.sha; charset=utf-8")
    return commits.detailed(world(), repository, sha)


@routes.get("/compare/<path:basehead>")
def compare(repository: Repository, basehead: str) -> Json:
    base, _, head = basehead.partition("...")
    old, new = repository.git.resolve(base), repository.git.resolve(head)
    if not old or not new:
        raise not_found()
    return commits.comparison(world(), repository, old, new)


@routes.get("/git/commits/<commit_sha>")
def git_commit(repository: Repository, commit_sha: str) -> Json:
    if repository.git.kind(commit_sha) != "commit":
        raise not_found()
    return commits.git_commit(repository, commit_sha)


@routes.post("/git/commits")
def write_commit(repository: Repository) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.WRITE, "contents:write"), body()
    required(sent, "Commit", "message", "tree")
    parents = tuple(sent.get("parents") or ())
    if not repository.git.kind(sent["tree"]) or not all(map(repository.git.kind, parents)):
        raise Refusal(422, "Tree SHA does not exist or a parent does not")
    who = world().signature(by)
    sha = repository.git.write_commit(sent["tree"], parents, sent["message"], who, who)
    return commits.git_commit(repository, sha), 201


@routes.get("/git/trees/<path:tree_sha>")
def tree(repository: Repository, tree_sha: str) -> Json:
    known = repository.git.kind(tree_sha) == "tree"
    sha = tree_sha if known else repository.git.resolve(tree_sha)
    if not sha:
        raise not_found()
    sha = sha if known else repository.git.commit(sha).tree
    entries = repository.git.tree(sha, recursive="recursive" in request.args)
    return commits.tree(repository, sha, entries)


@routes.post("/git/trees")
def write_tree(repository: Repository) -> tuple[Json, int]:
    """A tree: the entries sent, over those of `base_tree`; one with `sha: null` is taken away."""
    caller().may(repository, Permission.WRITE, "contents:write")
    sent = body()
    files = {entry["path"]: _blob(repository, entry) for entry in sent.get("tree") or []}
    try:
        sha = repository.git.overlaid(sent.get("base_tree") or "", files)
    except LookupError as error:
        raise Refusal(422, "tree.sha is not a valid object") from error
    return commits.tree(repository, sha, repository.git.tree(sha)), 201


def _blob(repository: Repository, entry: Json) -> tuple[str, str]:
    if "content" in entry:
        return entry["mode"], repository.git.write_blob(entry["content"].encode())
    return entry["mode"], entry["sha"] or ""


@routes.get("/git/blobs/<file_sha>")
def blob(repository: Repository, file_sha: str) -> Json:
    if repository.git.kind(file_sha) != "blob":
        raise not_found()
    content = repository.git.blob(file_sha)
    text = {"content": base64.encodebytes(content).decode(), "encoding": "base64", "size": len(content)}
    return {**_short_blob(repository, file_sha), "node_id": node("B", file_sha), **text}


@routes.post("/git/blobs")
def write_blob(repository: Repository) -> tuple[Json, int]:
    caller().may(repository, Permission.WRITE, "contents:write")
    sent = body()
    required(sent, "Blob", "content")
    encoded = sent.get("encoding") == "base64"
    content = base64.b64decode(sent["content"]) if encoded else sent["content"].encode()
    return _short_blob(repository, repository.git.write_blob(content)), 201


def _short_blob(repository: Repository, sha: str) -> Json:
    return {"sha": sha, "url": f"{repository.api}/git/blobs/{sha}"}


@routes.post("/git/tags")
def write_tag(repository: Repository) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.WRITE, "contents:write"), body()
    required(sent, "Tag", "tag", "message", "object")
    if not repository.git.kind(sent["object"]):
        raise Refusal(422, "Object does not exist")
    tagger = world().signature(by)
    sha = repository.git.write_tag(sent["tag"], sent["object"], sent["message"], tagger)
    return commits.tag(repository, sha, sent, tagger), 201
