"""What GitHub serves beside its REST API: git, raw files, downloads, and of GraphQL who is asking."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from release_tools import shell
from release_tools.model import Permission
from release_tools.sandbox import git, pushes
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json
from release_tools.sandbox.errors import Refusal, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import body

routes = Blueprint("site", __name__)
VIEWER = re.compile(r"\s*(query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*")
PASSWORD = {"WWW-Authenticate": 'Basic realm="GitHub"'}


@routes.post("/graphql")
def graphql() -> Json:
    """The login of whoever asks, which for an App nothing else tells."""
    who = caller().somebody()
    if VIEWER.fullmatch(str(body().get("query", ""))):
        return {"data": {"viewer": {"login": who.login}}}
    return {"errors": [{"message": "the sandbox answers only `query { viewer { login } }`"}]}


@routes.get("/<owner>/<repo>.git/<path:service>")
@routes.post("/<owner>/<repo>.git/<path:service>")
def smart_http(repository: Repository, service: str) -> Response:
    """Clone, fetch and push, by git's own server program."""
    pushing = "git-receive-pack" in (service, request.args.get("service"))
    by = caller().account
    if pushing and not by:
        raise Refusal(401, "Requires authentication", headers=PASSWORD)
    if pushing:
        by = caller().may(repository, Permission.WRITE, "contents:write")
    done = shell.run_bytes(
        ["git", "http-backend"], stdin=request.get_data(), env=_environment(repository, service, pushing)
    )
    if by and service == "git-receive-pack":
        pushes.notice(world(), repository, by)
    head, _, content = done.out.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode("latin-1").splitlines())
    return Response(content, int(fields.pop("Status", "200 OK").split()[0]), fields)


def _environment(repository: Repository, service: str, pushing: bool) -> dict[str, str]:
    """What a CGI program is told."""
    return git.environment() | {
        "GIT_PROJECT_ROOT": str(repository.git.folder.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "PATH_INFO": f"/{repository.git.folder.name}/{service}",
        "QUERY_STRING": request.query_string.decode(),
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.content_type or "",
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "REMOTE_USER": "sandbox" if pushing else "",
        "REMOTE_ADDR": request.remote_addr or "",
    }


@routes.get("/<owner>/<repo>/raw/<revision>/<path:path>")
def raw(repository: Repository, revision: str, path: str) -> Response:
    sha = repository.git.resolve(revision)
    found = repository.git.tree(sha, path) if sha else ()
    if not found or found[0].kind != "blob":
        raise not_found()
    return Response(repository.git.blob(found[0].sha), content_type="text/plain; charset=utf-8")


@routes.get("/<owner>/<repo>/releases/download/<path:tag>/<name>")
def asset(repository: Repository, tag: str, name: str) -> Response:
    for release in repository.releases.values():
        for found in release.assets:
            if (release.tag_name, found.name) == (tag, name):
                return Response(found.content, content_type=found.content_type)
    raise not_found()


@routes.get("/<owner>/<repo>/actions/runs/<int:run_id>/artifacts/<int:artifact_id>")
def artifact(repository: Repository, run_id: int, artifact_id: int) -> Response:
    run = repository.runs.get(run_id)
    for found in run.artifacts if run else ():
        if found.id == artifact_id:
            return Response(found.content, content_type="application/zip")
    raise not_found()
