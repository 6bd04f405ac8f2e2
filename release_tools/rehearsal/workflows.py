"""The workflows, job by job: the commands that their files name, each with the rights that its job has.

GitHub alone is pretended: which jobs run, and what they hand on. A test holds the commands and the rights
against .github/workflows.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from release_tools.bump import checkout
from release_tools.jobs import history
from release_tools.rehearsal import originals, recorded
from release_tools.rehearsal.process import Ran
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import runs
from release_tools.sandbox.automation import Run
from release_tools.sandbox.events import Delivery

RIGHTS: Mapping[str, Mapping[str, str]] = {
    "gate": {"contents": "read", "pull_requests": "write", "checks": "write"},
    "hold": {"actions": "read"},
    "training": {"pull_requests": "write", "checks": "write"},
    "report": {"pull_requests": "write", "checks": "write"},
    "archive": {"contents": "write"},
    "show": {"actions": "read", "contents": "read", "pull_requests": "write", "checks": "write"},
}
WAVES = 3
GOES_ON = (0, 1, 3)  # statuses of check-example with which its job succeeds
ANSWERED = "issue_comment"
SHOWN = (ANSWERED, "pull_request", "pull_request_review")


class JobFailedError(Exception):
    """A job of a workflow ended where it should not."""


@dataclass
class Jobs:
    """A run of a workflow.

    Attributes:
      folder: with what its jobs hand on.
      event: the payload that started it.
    """

    stage: Stage
    run: Run
    event: Mapping[str, Any]
    folder: Path

    def job(self, name: str, *words: str | Path, goes_on: tuple[int, ...] = (0,), **settings: str) -> Ran:
        """Run a job's command, with its rights if it has any; another status or a crash makes a failure."""
        rights = RIGHTS.get(name)
        own = {
            "GITHUB_REPOSITORY": self.stage.models.full_name,
            "GITHUB_RUN_ID": str(self.run.id),
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(self.folder / f"{name}.out"),
        }
        if rights:
            token = self.stage.world.workflow_token(self.stage.models, metadata="read", **rights)
            own |= {"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"}
        ran = self.stage.desk.run(f"{_name(self.run)} / {name}", words, self.folder, own | settings)
        self.stage.ran.append(ran)
        if ran.status not in goes_on or ran.crashed:
            raise JobFailedError(f"{ran.by}: {ran.line}\n{ran.said}")
        return ran

    def outputs(self, name: str) -> dict[str, str]:
        """What a job has handed to later ones."""
        path = self.folder / f"{name}.out"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return dict(line.split("=", 1) for line in lines if "=" in line)


def _name(run: Run) -> str:
    return Path(run.path).stem


def attend(stage: Stage) -> None:
    """Run what the pending events start, as GitHub would; a workflow's own doing starts nothing.

    Raises:
      JobFailedError: with the command and what it said.
    """
    shown: Delivery | None = None
    while stage.pending:
        delivery = stage.pending.pop(0)
        if (
            delivery.by_workflow
            or delivery.sender.login.endswith("[bot]")
            or delivery.repository is not stage.models
        ):
            continue
        if delivery.event == ANSWERED and delivery.payload.get("action") == "created":
            _answer(stage, delivery)
        if delivery.event in SHOWN or (delivery.event == "push" and _is_default(stage, delivery)):
            shown = delivery
    if shown is not None:
        _show(stage, shown)
    stage.pending.clear()


def _is_default(stage: Stage, delivery: Delivery) -> bool:
    return bool(delivery.payload.get("ref") == f"refs/heads/{stage.models.default_branch}")


@contextlib.contextmanager
def _running(stage: Stage, path: str, delivery: Delivery) -> Iterator[Jobs]:
    """A run of a workflow, which fails where its jobs do."""
    run = runs.start(stage.world, stage.models, path, delivery.event, delivery.sender)
    runs.add_job(stage.world, run, "jobs")
    folder = stage.folder / "runs" / str(run.id)
    folder.mkdir(parents=True)
    (folder / "event.json").write_text(json.dumps(delivery.payload), encoding="utf-8")
    try:
        yield Jobs(stage, run, delivery.payload, folder)
    except BaseException:
        runs.finish(stage.world, run, "failure")
        raise
    runs.finish(stage.world, run, "success")


def _show(stage: Stage, delivery: Delivery) -> None:
    with _running(stage, originals.APPROVALS, delivery) as jobs:
        jobs.job("show", "approvals")


def _answer(stage: Stage, delivery: Delivery) -> None:
    if "/converge" in delivery.payload["comment"]["body"]:
        with _running(stage, history.WORKFLOW, delivery) as jobs:
            _converge(jobs)
    else:
        with _running(stage, originals.APPROVALS, delivery) as jobs:
            jobs.job("show", "respond", "--only", "answers")


def _converge(jobs: Jobs) -> None:
    stage, pull = jobs.stage, f"{jobs.stage.models.full_name}#{jobs.event['issue']['number']}"
    (jobs.folder / "plan").mkdir()
    jobs.job("gate", "respond", "--only", "requests", "--plan-out", "plan/plan.json")
    asked = jobs.outputs("gate")
    if asked.get("accepted") != "1":
        return
    jobs.job("gate", "check-example", pull, "--ask", "plan/example.json")
    if asked["hold"] == "1":
        jobs.job("hold", "init", "--check", "--only", "environment", "--repo", stage.models.full_name)
        if not stage.consents:
            jobs.job(
                "report", "converge-report", "plan/plan.json", "--state", "cancelled", "--run", _url(jobs)
            )
            return
    with stage.desk.together() as pool:
        examined = pool.submit(_examine, jobs, asked)
        _reproduce(jobs, asked)
        examined.result()
    stage.judged.append((jobs.folder, stage.regressed))
    _tell(jobs, pull)


def _reproduce(jobs: Jobs, asked: Mapping[str, str]) -> None:
    """Build the wheel, and train in waves until all is decided."""
    source = f"{jobs.stage.url}/{asked['tfmot-repository']}.git"
    jobs.job("build", "build", source, "--ref", asked["tfmot-sha"], "--out", "wheel")
    jobs.job("training", "converge-report", "plan/plan.json", "--state", "training", "--run", _url(jobs))
    for wave in range(1, WAVES + 1):
        _wave(jobs, wave)
        if jobs.outputs("judge")["decided"] == "true":
            return


def _url(jobs: Jobs) -> str:
    return f"{jobs.stage.url}/{jobs.stage.models.full_name}/actions/runs/{jobs.run.id}"


def _examine(jobs: Jobs, asked: Mapping[str, str]) -> None:
    address = f"{jobs.stage.url}/{asked['models-repository']}.git"
    (jobs.folder / "models").mkdir()
    checkout.fetch(address, asked["models-sha"], jobs.folder / "models")
    words = ("check-example", "models", "--asked", "plan/example.json", "--out", "examined/report.json")
    (jobs.folder / "examined").mkdir()
    jobs.job("standards", *words, goes_on=GOES_ON)


def _wave(jobs: Jobs, wave: int) -> None:
    tested = ("plan/plan.json", "--wheel", "wheel")
    (jobs.folder / "scores").mkdir(exist_ok=True)
    ran = jobs.job("todo", "converge-wave", *tested, "--results", "scores", "--wave", str(wave))
    matrix = json.loads(ran.out)
    if jobs.stage.trains:
        _train(jobs, tested, matrix, wave)
    else:
        recorded.score(jobs.folder, matrix, regressed=jobs.stage.regressed)
    (jobs.folder / "judge.out").unlink(missing_ok=True)
    jobs.job("judge", "converge-judge", *tested, "--scores", "scores", "--wave", str(wave), "--out", "judged")


def _train(jobs: Jobs, tested: tuple[str, ...], matrix: list[dict[str, Any]], wave: int) -> None:
    data, store = jobs.stage.folder / "data", jobs.stage.folder / "store"

    def train(one: Mapping[str, Any]) -> None:
        words = ("--recipe", one["recipe"], "--index", str(one["index"]), "--models", "models")
        places = (
            "--data",
            data,
            "--store",
            store,
            "--out",
            f"trained-{wave}/{one['job']}",
            "--log",
            f"{one['job']}.log",
        )
        jobs.job("train", "converge-train", *tested, *words, *places, "--minutes", "1320", goes_on=(0, 4))

    (jobs.folder / f"trained-{wave}").mkdir()
    with jobs.stage.desk.together() as pool:
        list(pool.map(train, matrix))
    jobs.job(
        "score", "converge-score", *tested, "--trained", f"trained-{wave}", "--data", data, "--out", "scores"
    )


def _tell(jobs: Jobs, pull: str) -> None:
    where = ("--run", _url(jobs), "--reason", "")
    judged = ("--campaign", "judged/campaign.json", "--scores", "scores")
    jobs.job("report", "converge-report", "plan/plan.json", "--state", "judged", *where, *judged)
    jobs.job("report", "check-example", pull, "--publish", "examined/report.json")
    tip = jobs.stage.models.git.ref(f"refs/heads/{jobs.stage.models.default_branch}")
    words = ("plan/plan.json", "--campaign", "judged/campaign.json", "--wheel", "wheel")
    jobs.job("archive", "converge-archive", *words, "--run", _url(jobs), "--commit", tip)
