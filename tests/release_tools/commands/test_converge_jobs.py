"""The commands of a request's jobs: what they print, hand on and refuse; nothing is trained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asked
import pytest
from asked import Asked
from click.testing import CliRunner, Result
from scene import Scene

from convergence import records
from convergence.errors import UserError
from release_tools import cli
from release_tools.jobs.history import Record
from release_tools.sandbox import inprocess

JOBS = ("wave", "train", "score", "judge", "report", "archive")
EDGE = 0.9 - 0.0085


@pytest.fixture
def made(tmp_path: Path) -> Asked:
    return Asked(tmp_path / "request", asked.plan())


def run(made: Asked, job: str, *words: str | Path, wheel: bool = True, **env: str) -> Result:
    command = cli.cli.get_command(None, f"converge-{job}")  # type: ignore[arg-type]
    assert command
    said = made.words if wheel else made.words[:1]
    output = {"GITHUB_OUTPUT": str(made.folder / "output")}
    return CliRunner().invoke(command, [*said, *map(str, words)], env=output | env)


@pytest.mark.parametrize("job", JOBS)
def test_each_has_an_example(job: str) -> None:
    command = cli.cli.get_command(None, f"converge-{job}")  # type: ignore[arg-type]
    assert command
    shown = CliRunner().invoke(command, ["--help"]).output
    assert f"release-tools converge-{job} plan.json" in shown


@pytest.mark.parametrize("job", JOBS)
def test_a_plan_that_is_none_is_one_line(made: Asked, job: str) -> None:
    (made.folder / "plan.json").write_text("{}")
    wheel = [] if job == "report" else ["--wheel", str(made.folder / "dist")]
    folder = str(made.folder / "dist")
    more = {
        "wave": ["--results", folder],
        "train": ["--recipe", "a/b", "--index", "0", "--data", folder, "--store", folder, "--out", folder],
        "score": ["--trained", folder, "--data", folder, "--out", folder],
        "judge": ["--scores", folder, "--out", folder],
        "report": ["--state", "queued"],
        "archive": ["--campaign", str(made.folder / "plan.json")],
    }
    command = cli.cli.get_command(None, f"converge-{job}")  # type: ignore[arg-type]
    assert command
    ran = CliRunner().invoke(command, [str(made.folder / "plan.json"), *wheel, *more[job]])
    assert isinstance(ran.exception, UserError)
    assert str(ran.exception).startswith("error[not-a-record]: ")


def test_wave_hands_on_a_matrix(made: Asked) -> None:
    ran = run(made, "wave", "--results", made.scores)
    matrix = json.loads(ran.stdout)
    assert [(job["recipe"], job["index"]) for job in matrix] == [("pruning/tiny", 0)]
    lines = (made.folder / "output").read_text().splitlines()
    assert lines == [f"matrix={json.dumps(matrix)}", "needed=true"]


def test_nothing_is_needed_once_all_is_decided(made: Asked) -> None:
    made.runs([0.9])
    assert run(made, "wave", "--results", made.scores, "--wave", "2").stdout == "[]\n"
    assert (made.folder / "output").read_text() == "matrix=[]\nneeded=false\n"


@pytest.mark.parametrize(
    ("values", "output"),
    [
        ([0.9], "decided=true\noutcome=reproduced\n"),
        ([0.8], "decided=true\noutcome=not-reproduced\n"),
        ([EDGE], "decided=false\noutcome=inconclusive\n"),
        ([], "decided=false\noutcome=infrastructure\n"),
    ],
)
def test_judge_hands_on_the_outcome(made: Asked, values: list[float], output: str) -> None:
    made.runs(values)
    ran = run(made, "judge", "--scores", made.scores, "--out", made.folder / "judged")
    assert ran.exit_code == 0, ran.exception
    assert (made.folder / "output").read_text() == output


def judged(made: Asked) -> Path:
    made.runs([0.9])
    assert run(made, "judge", "--scores", made.scores, "--out", made.folder / "judged").exit_code == 0
    return made.folder / "judged" / "campaign.json"


def test_archive_shows_what_it_would_keep(made: Asked, tmp_path: Path) -> None:
    ran = run(made, "archive", "--campaign", judged(made), "--dry-run", "--run", "https://x", "--commit", "5")
    (tmp_path / "record.json").write_text(ran.stdout)
    kept = records.read(tmp_path / "record.json", Record)
    assert (kept.request_id, kept.wheel_sha256) == (made.plan.request_id, made.subject.sha256)
    assert (kept.harness_commit, kept.run) == ("5", "https://x")


def test_archive_keeps_nothing_of_another_plan(made: Asked) -> None:
    campaign = judged(made)
    records.write(made.folder / "plan.json", replace(made.plan, looks=(1,)))
    ran = run(made, "archive", "--campaign", campaign, "--dry-run")
    assert str(ran.exception).startswith("error[other-campaign]")


def test_train_says_what_is_judged(made: Asked) -> None:
    words = ["--recipe", "pruning/small", "--index", "0", "--isolation", "none", "--allow-unisolated"]
    folders = [word for name in ("data", "store", "out") for word in (f"--{name}", str(made.folder / name))]
    ran = run(made, "train", *words, *folders)
    assert str(ran.exception).startswith('error[unknown-recipe]: the plan judges no "pruning/small"')
    assert ran.stderr == "warning: isolation is off: there is no container around what is run\n"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    with inprocess.connected(made.gateway):
        yield made


@pytest.fixture
def on_scene(scene: Scene, tmp_path: Path) -> Asked:
    """A request for the head of mona's pull request."""
    assert scene.own.pull
    plan = asked.plan(pull_request=scene.own.number, head_sha=scene.own.pull.head_sha)
    return Asked(tmp_path / "request", plan)


def report(scene: Scene, made: Asked, *words: str | Path) -> Result:
    token = scene.world.workflow_token(scene.models, pull_requests="write", checks="write", metadata="read")
    env = {"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"}
    return run(made, "report", *words, wheel=False, **env)


def test_one_comment_goes_from_queued_to_the_verdict(scene: Scene, on_scene: Asked) -> None:
    begins = []
    for state in ("queued", "building", "training"):
        assert report(scene, on_scene, "--state", state).exit_code == 0
        begins.append(scene.own.comments[-1].body.partition(" — ")[0])
    ran = report(
        scene, on_scene, "--state", "judged", "--campaign", judged(on_scene), "--scores", on_scene.scores
    )
    assert ran.exit_code == 0, ran.exception
    (comment,) = scene.own.comments
    assert [*begins, comment.body.partition(" — ")[0]] == [
        "### ⏳ Queued: 2 claims to judge",
        "### 🔨 Building: 2 claims to judge",
        "### 📈 Training, wave 1 of 2",
        "### ✅ Reproduced: all 2 claims",
    ]


def test_a_push_makes_it_the_old_commits(scene: Scene, on_scene: Asked) -> None:
    scene.world.commit(scene.models, "branch", {"other.py": "y = 2\n"}, scene.mona)
    words = ["--state", "judged", "--campaign", judged(on_scene), "--scores", on_scene.scores]
    assert report(scene, on_scene, *words).exit_code == 0
    assert scene.own.comments[-1].body.startswith("### 🕰️ ✅ Of an old commit: reproduced: all 2 claims")
    (check,) = (one for one in scene.models.checks.values() if one.sha == on_scene.plan.head_sha)
    assert check.external_id == on_scene.plan.request_id


def test_a_dry_run_says_it_only(scene: Scene, on_scene: Asked) -> None:
    ran = report(scene, on_scene, "--state", "cancelled", "--reason", "by mona", "--dry-run")
    assert [line.split(" ")[0] for line in ran.output.splitlines()] == ["comment", "check"]
    assert scene.own.comments == []
