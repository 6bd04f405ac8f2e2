"""Workflows and their runs. Nothing runs here: a subscriber to the events decides how a run goes."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Mapping

from release_tools.sandbox.answers import runs as answers
from release_tools.sandbox.automation import Artifact, Dispatched, Job, Run
from release_tools.sandbox.errors import Refusal, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

FOLDER = ".github/workflows/"


def workflows(world: World, repository: Repository) -> dict[str, int]:
    """The workflows on the default branch, by path, with their ids."""
    tip = repository.git.ref(f"refs/heads/{repository.default_branch}")
    there = [entry.path for entry in repository.git.tree(tip, FOLDER)] if tip else []
    for path in there:
        if path not in repository.workflows and path.endswith((".yml", ".yaml")):
            repository.workflows[path] = world.ids.next()
    return {path: repository.workflows[path] for path in there if path in repository.workflows}


def find_workflow(world: World, repository: Repository, name: str) -> str:
    """The path of the workflow with this id or file name.

    Raises:
      Refusal: 404.
    """
    for path, identity in workflows(world, repository).items():
        if name in (str(identity), path.removeprefix(FOLDER), path):
            return path
    raise not_found()


def dispatch(
    world: World, repository: Repository, by: Account, path: str, ref: str, inputs: Mapping[str, object]
) -> Run:
    """Start a workflow by hand.

    Raises:
      Refusal: 422 when the ref is not there, or its workflow takes no dispatches.
    """
    sha = repository.git.resolve(ref.removeprefix("refs/heads/").removeprefix("refs/tags/"))
    if not sha:
        raise Refusal(422, f"No ref found for: {ref}")
    found = repository.git.tree(sha, path)
    if not found or b"workflow_dispatch" not in repository.git.blob(found[0].sha):
        raise Refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
    if len(inputs) > 25:
        raise Refusal(422, "you may only define up to 25 `inputs` for a `workflow_dispatch` event")
    repository.dispatches.append(Dispatched(by, path, ref, dict(inputs)))
    run = start(world, repository, path, "workflow_dispatch", by, ref, sha)
    run.title = _title(repository.git.blob(found[0].sha).decode(), inputs)
    payload = functools.partial(answers.dispatch_event, repository, by, path, ref, inputs)
    world.events.emit("workflow_dispatch", repository, by, payload)
    return run


def _title(workflow: str, inputs: Mapping[str, object]) -> str:
    """What a workflow calls its run, with the inputs that it names."""
    called = re.search(r"^run-name: *(.*)$", workflow, re.MULTILINE)
    named = re.compile(r"\$\{\{ *inputs\.(\w+) *\}\}")
    return named.sub(lambda found: str(inputs.get(found[1], "")), called[1]) if called else ""


def repository_dispatch(
    world: World, repository: Repository, by: Account, kind: str, payload: Mapping[str, object]
) -> None:
    """Tell a repository that something happened."""
    world.clock.stamp()
    repository.dispatches.append(Dispatched(by, "", kind, dict(payload)))
    made = functools.partial(answers.repository_dispatch_event, repository, by, kind, payload)
    world.events.emit("repository_dispatch", repository, by, made)


def start(
    world: World,
    repository: Repository,
    path: str,
    event: str,
    by: Account,
    ref: str = "",
    sha: str = "",
) -> Run:
    """A queued run of a workflow, by default of the default branch."""
    workflows(world, repository)
    branch = (ref or repository.default_branch).removeprefix("refs/heads/")
    number = sum(run.path == path for run in repository.runs.values()) + 1
    now = world.clock.stamp()
    sha = sha or repository.git.resolve(branch)
    run = Run(world.ids.next(), number, path, event, branch, sha, by, now, now)
    repository.runs[run.id] = run
    return run


def add_job(world: World, run: Run, name: str, labels: tuple[str, ...] = ("ubuntu-latest",)) -> Job:
    """A job of a run, which is then in progress."""
    job = Job(world.ids.next(), name, "in_progress", None, world.clock.stamp(), labels=labels)
    run.jobs.append(job)
    run.status, run.updated_at = "in_progress", job.started_at
    return job


def add_artifact(world: World, run: Run, name: str, files: Mapping[str, bytes]) -> Artifact:
    """What a run leaves behind: a zip with these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    artifact = Artifact(world.ids.next(), name, packed.getvalue(), world.clock.stamp())
    run.artifacts.append(artifact)
    return artifact


def finish(world: World, run: Run, conclusion: str) -> None:
    """End a run, and its jobs that go on."""
    now = world.clock.stamp()
    run.status, run.conclusion, run.updated_at = "completed", conclusion, now
    for job in run.jobs:
        if job.status != "completed":
            job.status, job.conclusion, job.completed_at = "completed", conclusion, now


def cancel(world: World, run: Run) -> None:
    """End a run before its time.

    Raises:
      Refusal: 409 when it has ended.
    """
    if run.status == "completed":
        raise Refusal(409, "Cannot cancel a workflow run that is completed.")
    finish(world, run, "cancelled")
