"""Check runs, which only Apps and workflows may write, and commit statuses."""

from __future__ import annotations

from flask import Blueprint, request

from release_tools.model import Permission
from release_tools.sandbox import checks
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, people, repositories
from release_tools.sandbox.answers import checks as answers
from release_tools.sandbox.automation import CheckRun, Status
from release_tools.sandbox.errors import Refusal, invalid, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import Answer, body, one_of, page, required
from release_tools.sandbox.people import Account, TokenKind

routes = Blueprint("checks", __name__, url_prefix="/repos/<owner>/<repo>")
STATES = ("error", "failure", "pending", "success")


@routes.post("/check-runs")
def create(repository: Repository) -> tuple[Json, int]:
    app, sent = _app(repository), body()
    required(sent, "CheckRun", "name", "head_sha")
    return answers.check_run(repository, checks.create(world(), repository, app, sent)), 201


@routes.get("/check-runs/<int:check_run_id>")
def one(repository: Repository, check_run_id: int) -> Json:
    return answers.check_run(repository, _find(repository, check_run_id))


@routes.patch("/check-runs/<int:check_run_id>")
def change(repository: Repository, check_run_id: int) -> Json:
    app, check = _app(repository), _find(repository, check_run_id)
    if check.app is not app:
        raise Refusal(
            403, "Invalid app_id `{}` - check run can only be modified by the GitHub App that created it."
        )
    checks.update(world(), repository, check, body())
    return answers.check_run(repository, check)


@routes.get("/commits/<path:ref>/check-runs")
def on_ref(repository: Repository, ref: str) -> Answer:
    args = request.args
    found = checks.on(repository, commit_of(repository, ref))
    found = found if args.get("filter") == "all" else checks.latest(found)
    wanted = [
        check
        for check in found
        if args.get("check_name") in (None, check.name)
        and args.get("status") in (None, check.status)
        and args.get("app_id") in (None, str(check.app.id))
    ]
    return page(wanted, lambda check: answers.check_run(repository, check), "check_runs")


@routes.post("/statuses/<sha>")
def set_status(repository: Repository, sha: str) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.WRITE, "statuses:write"), body()
    required(sent, "Status", "state")
    one_of(sent, "Status", "state", STATES)
    if repository.git.kind(sha) != "commit":
        raise invalid("Status", "sha", "custom", f"No commit found for SHA: {sha}")
    made = Status(
        world().ids.next(), sha, sent["state"], sent.get("context") or "default",
        sent.get("description"), sent.get("target_url"), by, world().clock.stamp(),
    )  # fmt: skip
    repository.statuses.insert(0, made)
    return _status(repository, made), 201


@routes.get("/commits/<path:ref>/statuses")
def statuses(repository: Repository, ref: str) -> Answer:
    sha = commit_of(repository, ref)
    return page([one for one in repository.statuses if one.sha == sha], lambda one: _status(repository, one))


@routes.get("/commits/<path:ref>/status")
def combined(repository: Repository, ref: str) -> Answer:
    sha = commit_of(repository, ref)
    newest: dict[str, Status] = {}
    for one in repository.statuses:
        if one.sha == sha:
            newest.setdefault(one.context, one)
    states = {one.state for one in newest.values()}
    state = "failure" if states & {"error", "failure"} else "success" if states == {"success"} else "pending"
    return page(
        list(newest.values()),
        lambda one: answers.status(repository, one),
        "statuses",
        state=state,
        sha=sha,
        repository=repositories.minimal(repository),
        commit_url=f"{repository.api}/commits/{sha}",
        url=f"{repository.api}/commits/{sha}/status",
    )


def commit_of(repository: Repository, ref: str) -> str:
    """The commit that a branch, tag or SHA in a path means.

    Raises:
      Refusal: 422, as GitHub answers here.
    """
    sha = repository.git.resolve(ref)
    if not sha:
        raise Refusal(422, f"No commit found for SHA: {ref}")
    return sha


def _status(repository: Repository, one: Status) -> Json:
    return {**answers.status(repository, one), "creator": people.account(repository.site, one.creator)}


def _app(repository: Repository) -> Account:
    """The App whose token this is.

    Raises:
      Refusal: 401 or 403.
    """
    token = caller().token
    if token and token.kind is TokenKind.USER:
        raise Refusal(403, "You must authenticate via a GitHub App.")
    return caller().may(repository, Permission.ADMIN, "checks:write")


def _find(repository: Repository, check_run_id: int) -> CheckRun:
    if check_run_id not in repository.checks:
        raise not_found()
    return repository.checks[check_run_id]
