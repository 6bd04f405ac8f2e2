"""Files of a repository, read and written one at a time."""

from __future__ import annotations

import base64
import binascii

from flask import Blueprint, Response, request

from release_tools.model import Permission
from release_tools.sandbox import pushes
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, commits
from release_tools.sandbox.errors import Refusal, invalid, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.objects import Entry
from release_tools.sandbox.pages import body, required

routes = Blueprint("contents", __name__, url_prefix="/repos/<owner>/<repo>/contents")
PATH = "/<any_path:path>"
LARGEST = 1_000_000  # GitHub leaves out the content of larger files


@routes.get(PATH)
def read(repository: Repository, path: str) -> Json | list[Json] | Response:
    revision = request.args.get("ref") or repository.default_branch
    sha = _commit(repository, revision)
    found = repository.git.tree(sha, path.strip("/"))
    entry = found[0] if path.strip("/") and found else None
    if entry and entry.kind == "blob":
        content = repository.git.blob(entry.sha)
        if "raw" in request.headers.get("Accept", ""):
            return Response(content, content_type="application/vnd.github.raw; charset=utf-8")
        if entry.size <= LARGEST:
            return commits.file(repository, entry, revision, content)
        return {**commits.file(repository, entry, revision, b""), "encoding": "none"}
    if path.strip("/") and not entry:
        raise not_found()
    members = repository.git.tree(sha, f"{path.strip('/')}/" if entry else "")
    return [commits.file(repository, member, revision) for member in members]


@routes.put(PATH)
def write(repository: Repository, path: str) -> tuple[Json, int]:
    caller().may(repository, Permission.WRITE, "contents:write")
    sent = body()
    required(sent, "Content", "message")
    try:
        content = base64.b64decode("".join(sent["content"].split()), validate=True)
    except (KeyError, AttributeError, binascii.Error) as error:
        raise Refusal(422, "content is not valid Base64") from error
    before = _before(repository, path, sent)
    sha = _edit(repository, path, content, sent)
    entry = repository.git.tree(sha, path)[0]
    made = commits.file(repository, entry, _branch(repository, sent))
    return {"content": made, "commit": commits.git_commit(repository, sha)}, 200 if before else 201


@routes.delete(PATH)
def delete(repository: Repository, path: str) -> Json:
    caller().may(repository, Permission.WRITE, "contents:write")
    sent = body()
    required(sent, "Content", "message", "sha")
    if not _before(repository, path, sent):
        raise not_found()
    sha = _edit(repository, path, None, sent)
    return {"content": None, "commit": commits.git_commit(repository, sha)}


def _before(repository: Repository, path: str, sent: Json) -> Entry | None:
    """The file as it is; a caller who would overwrite it must show its id."""
    tip = repository.git.ref(f"refs/heads/{_branch(repository, sent)}")
    if not tip:
        if repository.git.refs("refs/heads/"):
            raise Refusal(404, f"Branch {_branch(repository, sent)} not found")
        return None
    found = repository.git.tree(tip, path)
    if found and not sent.get("sha"):
        raise invalid("Content", "sha", "missing_field", '"sha" wasn\'t supplied.')
    if found and found[0].sha != sent["sha"]:
        raise Refusal(409, f"{path} does not match {sent['sha']}")
    return found[0] if found else None


def _edit(repository: Repository, path: str, content: bytes | None, sent: Json) -> str:
    by = caller().somebody()
    ref = f"refs/heads/{_branch(repository, sent)}"
    sha = repository.git.edit(ref, {path: content}, sent["message"], world().signature(by))
    pushes.notice(world(), repository, by)
    return sha


def _branch(repository: Repository, sent: Json) -> str:
    return str(sent.get("branch") or repository.default_branch)


def _commit(repository: Repository, revision: str) -> str:
    sha = repository.git.resolve(revision)
    if not sha:
        raise Refusal(404, f"No commit found for the ref {revision}")
    return sha
