"""GitHub's API as a Flask application over a world: what every route shares. Routes are found by folder."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import PathConverter

from convergence import members
from release_tools.sandbox import access, pushes, routes
from release_tools.sandbox.errors import Refusal, not_found
from release_tools.sandbox.world import World

LIMIT = 5000
WORLD, JUDGE = "sandbox.world", "sandbox.judge"  # where a WSGI environment has them
BESIDE = "site"  # routes that are not the API
MEDIA_TYPE = "github.v3; format=json"


@dataclass(frozen=True)
class Exchange:
    """A request that a route answered, for whoever wants to judge both.

    Attributes:
      route: with its variables in braces: `/repos/{owner}/{repo}/issues`.
      sent: the JSON that was sent, or None.
      answer: the JSON that went back, or None.
    """

    method: str
    route: str
    sent: Any
    status: int
    answer: Any


class AnyPath(PathConverter):
    """A path that may be empty: the root folder of a repository."""

    regex = ".*?"
    part_isolating = False


Judge = Callable[[Exchange], None]


@functools.cache
def create() -> Flask:
    """The application, which serves whatever world its WSGI environment holds."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.url_map.converters["any_path"] = AnyPath
    app.url_value_preprocessor(lambda _, values: _nouns(request.environ[WORLD], values))
    app.errorhandler(Refusal)(_refused)
    app.errorhandler(HTTPException)(_unknown)
    app.after_request(lambda response: _dressed(request.environ[WORLD], response))
    app.after_request(_judged)  # functions are called last to first: the judge sees what is said, before 304
    for name in members.names(routes.__name__):
        app.register_blueprint(members.load(routes.__name__, name).routes)
    return app


def template(rule: str) -> str:
    """A Flask rule as GitHub's documentation writes routes."""
    words = (word.rpartition(":")[2] for word in rule.replace("<", "{<").replace(">", "}").split("<"))
    return "".join(words)


def _nouns(world: World, values: dict[str, Any] | None) -> None:
    """Find out who calls, and put the nouns that a path names in place of their names and numbers.

    Raises:
      Refusal: 401 or 404.
    """
    g.caller = access.identify(world, request.headers.get("Authorization", ""))
    world.events.cause = g.caller.token.kind if g.caller.token else None
    pushes.look(world)
    if not values or "repo" not in values:
        return
    repository = g.caller.sees(f"{values.pop('owner')}/{values.pop('repo')}")
    values["repository"] = repository
    for name in ("issue_number", "pull_number"):
        if name in values:
            issue = repository.issues.get(values.pop(name))
            if not issue or (name == "pull_number" and not issue.pull):
                raise not_found()
            values["issue"] = issue


def _refused(refusal: Refusal) -> tuple[dict[str, Any], int, dict[str, str]]:
    return refusal.body(), refusal.status, refusal.headers


def _unknown(error: HTTPException) -> tuple[dict[str, Any], int]:
    """A route that this GitHub does not have, or a method that the route does not take."""
    status = 404 if error.code == HTTPStatus.METHOD_NOT_ALLOWED else error.code or 500
    return Refusal(status, "Not Found" if status == 404 else error.name).body(), status


def _dressed(world: World, response: Response) -> Response:
    """GitHub's headers; and 304 for who has the answer already."""
    used = len(world.calls) + 1
    response.headers.update(
        {
            "X-GitHub-Media-Type": MEDIA_TYPE,
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Remaining": str(max(LIMIT - used, 0)),
            "X-RateLimit-Reset": str(int(world.clock.now.timestamp()) + 3600),
            "X-RateLimit-Resource": "core",
        }
    )
    if request.method == "GET" and response.status_code == HTTPStatus.OK and not response.is_streamed:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _judged(response: Response) -> Response:
    judge: Judge | None = request.environ[JUDGE]
    if judge and request.url_rule and request.blueprint != BESIDE:
        sent = request.get_json(force=True, silent=True) if request.is_json else None
        answer = response.get_json(silent=True) if response.is_json else None
        judge(Exchange(request.method, template(request.url_rule.rule), sent, response.status_code, answer))
    return response
