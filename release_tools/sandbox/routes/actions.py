"""GitHub Actions: workflows started by hand, their runs, jobs and artifacts."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from release_tools.model import Permission
from release_tools.sandbox import runs
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json
from release_tools.sandbox.answers import runs as answers
from release_tools.sandbox.automation import Artifact, Run
from release_tools.sandbox.errors import Refusal, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import Answer, body, page, required

routes = Blueprint("actions", __name__, url_prefix="/repos/<owner>/<repo>")
WORKFLOW = "/actions/workflows/<workflow_id>"
RUN = "/actions/runs/<int:run_id>"
ARTIFACT = "/actions/artifacts/<int:artifact_id>"


@routes.get("/actions/workflows")
def workflows(repository: Repository) -> Answer:
    found = list(runs.workflows(world(), repository))
    return page(found, lambda path: answers.workflow(repository, path), "workflows")


@routes.get(WORKFLOW)
def workflow(repository: Repository, workflow_id: str) -> Json:
    return answers.workflow(repository, runs.find_workflow(world(), repository, workflow_id))


@routes.post(f"{WORKFLOW}/dispatches")
def dispatch(repository: Repository, workflow_id: str) -> tuple[Json | str, int]:
    by, sent = caller().may(repository, Permission.WRITE, "actions:write"), body()
    required(sent, "Workflow", "ref")
    path = runs.find_workflow(world(), repository, workflow_id)
    run = runs.dispatch(world(), repository, by, path, sent["ref"], sent.get("inputs") or {})
    if not sent.get("return_run_details"):
        return "", 204
    said = answers.run(repository, run)
    return {"workflow_run_id": run.id, "run_url": said["url"], "html_url": said["html_url"]}, 200


@routes.post("/dispatches")
def repository_dispatch(repository: Repository) -> tuple[str, int]:
    by, sent = caller().may(repository, Permission.WRITE, "contents:write"), body()
    required(sent, "RepositoryDispatch", "event_type")
    if len(sent.get("client_payload") or {}) > 10:
        raise Refusal(422, "No more than 10 properties are allowed")
    payload = sent.get("client_payload") or {}
    runs.repository_dispatch(world(), repository, by, sent["event_type"], payload)
    return "", 204


@routes.get("/actions/runs")
def all_runs(repository: Repository) -> Answer:
    return _listed(repository, list(repository.runs.values()))


@routes.get(f"{WORKFLOW}/runs")
def runs_of(repository: Repository, workflow_id: str) -> Answer:
    path = runs.find_workflow(world(), repository, workflow_id)
    return _listed(repository, [run for run in repository.runs.values() if run.path == path])


def _listed(repository: Repository, found: list[Run]) -> Answer:
    args = request.args
    wanted = [
        run
        for run in reversed(found)
        if args.get("event") in (None, run.event)
        and args.get("branch") in (None, run.head_branch)
        and args.get("head_sha") in (None, run.head_sha)
        and args.get("actor") in (None, run.actor.login)
        and args.get("status") in (None, run.status, run.conclusion)
    ]
    return page(wanted, lambda run: answers.run(repository, run), "workflow_runs")


@routes.get(RUN)
def one(repository: Repository, run_id: int) -> Json:
    return answers.run(repository, _run(repository, run_id))


@routes.post(f"{RUN}/cancel")
def cancel(repository: Repository, run_id: int) -> tuple[Json, int]:
    caller().may(repository, Permission.WRITE, "actions:write")
    runs.cancel(world(), _run(repository, run_id))
    return {}, 202


@routes.get(f"{RUN}/jobs")
def jobs(repository: Repository, run_id: int) -> Answer:
    run = _run(repository, run_id)
    return page(run.jobs, lambda job: answers.job(repository, run, job), "jobs")


@routes.get(f"{RUN}/artifacts")
def artifacts_of(repository: Repository, run_id: int) -> Answer:
    return _artifacts(repository, [_run(repository, run_id)])


@routes.get("/actions/artifacts")
def all_artifacts(repository: Repository) -> Answer:
    return _artifacts(repository, list(reversed(repository.runs.values())))


def _artifacts(repository: Repository, found: list[Run]) -> Answer:
    name = request.args.get("name")
    pairs = [(run, one) for run in found for one in run.artifacts if name in (None, one.name)]
    return page(pairs, lambda pair: answers.artifact(repository, *pair), "artifacts")


@routes.get(ARTIFACT)
def artifact(repository: Repository, artifact_id: int) -> Json:
    return answers.artifact(repository, *_artifact(repository, artifact_id))


@routes.get(f"{ARTIFACT}/<archive_format>")
def download(repository: Repository, artifact_id: int, archive_format: str) -> Response:
    run, found = _artifact(repository, artifact_id)
    caller().may(repository, Permission.READ, "actions:read")
    if archive_format != "zip":
        raise not_found()
    if found.expired:
        raise Refusal(410, "Artifact has expired")
    return redirect(f"{repository.html}/actions/runs/{run.id}/artifacts/{found.id}")  # type: ignore[return-value]


def _run(repository: Repository, run_id: int) -> Run:
    if run_id not in repository.runs:
        raise not_found()
    return repository.runs[run_id]


def _artifact(repository: Repository, artifact_id: int) -> tuple[Run, Artifact]:
    for run in repository.runs.values():
        for found in run.artifacts:
            if found.id == artifact_id:
                return run, found
    raise not_found()
