"""The jobs of a request by hand, with real trainings of seconds, healthy, interrupted and hostile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asked
import pytest
import tiny
from click.testing import CliRunner, Result
from scene import Scene

from convergence import records, trial
from convergence.campaign import CampaignResult
from convergence.errors import UserError
from convergence.model import Claim, Kind, Outcome, Recipe
from convergence.results import TrialResult
from release_tools import cli, wheel
from release_tools.jobs import history
from release_tools.plan import Commit, Plan
from release_tools.sandbox import inprocess, runs
from release_tools.sandbox.tfmot_source import Revision, published, write
from release_tools.wheel import Request, builder

pytestmark = [pytest.mark.training]

STEPS, TINY = tiny.STEPS, tiny.OVERRIDES
BASE = Recipe(
    technique="uncompressed",
    name="tiny",
    tier="smoke",
    experiment="mobilenet_digits_mot",
    module="convergence.example",
    overrides=TINY,
    data="digits",
)
SPARSITY = replace(asked.SPARSITY, margin=0.001)
ANYTHING = replace(asked.ACCURACY, target=0.1, margin=1.0, references=(0.1, 0.2, 0.0, 0.1, 0.1))
WORD = replace(ANYTHING, name="word", metric="accuracy", headline=False)
PRUNED = replace(
    BASE,
    technique="pruning",
    start="uncompressed/tiny",
    optimization={"pruning": {"end_step": 10, "frequency": 2}},
    claims=(ANYTHING, SPARSITY, WORD),
)


class Jobs:
    """The commands of a request's jobs, on one folder."""

    def __init__(self, folder: Path, plan: Plan, dist: Path, models: Path | None = None) -> None:
        self.folder, self.plan, self.dist, self.models = folder, plan, dist, models
        folder.mkdir()
        records.write(folder / "plan.json", plan)

    def __call__(self, job: str, *words: str | Path, wheel: bool = True, **env: str) -> Result:
        command = cli.cli.get_command(None, f"converge-{job}")  # type: ignore[arg-type]
        assert command
        dist = ["--wheel", str(self.dist)] if wheel else []
        said = [str(self.folder / "plan.json"), *dist, *map(str, words)]
        return CliRunner().invoke(command, said, env={"GITHUB_OUTPUT": str(self.folder / "output"), **env})

    def wave(self, number: int = 1) -> list[dict[str, Any]]:
        ran = self("wave", "--results", self.folder / "scores", "--wave", str(number))
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.stdout)

    def train(self, index: int = 0, recipe: str = "pruning/tiny") -> Result:
        words = ["--recipe", recipe, "--index", str(index), "--data", self.folder.parent / "data"]
        words += ["--store", self.folder.parent / "store", "--out", self.folder / "trained" / f"run-{index}"]
        words += ["--models", self.models] if self.models else []
        words += ["--log", self.folder / "log", "--isolation", "none", "--allow-unisolated"]
        return self("train", *words)

    def score(self) -> Result:
        words = ["--trained", self.folder / "trained", "--data", self.folder.parent / "data"]
        return self("score", *words, "--out", self.folder / "scores", "--isolation", "none")

    def judge(self, wave: int = 1) -> dict[str, Outcome]:
        words = ["--scores", self.folder / "scores", "--wave", str(wave), "--out", self.folder / "judged"]
        ran = self("judge", *words)
        assert ran.exit_code == 0, ran.output
        return {verdict.claim.name: verdict.outcome for verdict in self.campaign.verdicts}

    @property
    def campaign(self) -> CampaignResult:
        return records.read(self.folder / "judged" / "campaign.json", CampaignResult)

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in (self.folder / "output").read_text().splitlines())

    @property
    def scores(self) -> dict[str, TrialResult]:
        found = [records.read(path, TrialResult) for path in (self.folder / "scores").iterdir()]
        return {result.technique: result for result in found}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "tfmot"
    write(folder, [Revision(published().version)])
    return folder


@pytest.fixture
def jobs(tmp_path: Path, build_tools: builder.Builder, source: Path) -> Callable[..., Jobs]:
    """Makes a request for recipes, its wheel built from source."""
    built = wheel.build(Request(str(source), out=tmp_path / "dist", check_imports=False))

    def make(*recipes: Recipe, name: str = "request", models: Path | None = None, **changes: Any) -> Jobs:
        tfmot = Commit("tensorflow/model-optimization", built.provenance.commit)
        return Jobs(tmp_path / name, asked.plan(*recipes, tfmot=tfmot, **changes), tmp_path / "dist", models)

    return make


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    with inprocess.connected(made.gateway):
        yield made


def test_from_the_wheel_to_the_record(jobs: Callable[..., Jobs], scene: Scene) -> None:
    head = scene.own.pull.head_sha if scene.own.pull else ""
    made = jobs(BASE, PRUNED, pull_request=scene.own.number, head_sha=head)
    (job,) = made.wave()
    assert (job["recipe"], job["index"], made.outputs["needed"]) == ("pruning/tiny", 0, "true")
    ran = made.train()
    assert ran.exit_code == 0, (ran.output, ran.exception)
    left = {path.name.partition(".")[2] for path in (made.folder / "trained" / "run-0").iterdir()}
    assert left == {"training.json", "float.tflite", "int8.tflite"}

    assert made.score().exit_code == 0
    assert made.judge() == {
        "accuracy": Outcome.REPRODUCED,
        "sparsity": Outcome.REPRODUCED,
        "word": Outcome.REPRODUCED,
    }
    assert made.campaign.verdicts[-1].line.endswith("; this metric is the training's own word")
    assert (made.outputs["decided"], made.outputs["outcome"]) == ("true", "reproduced")
    assert made.wave(2) == []
    assert made.campaign.plan.versions["tensorflow"]
    report_and_archive(made, scene)

    # Asked again with nothing changed, nothing is trained again: even the seconds it took are the same.
    again = jobs(BASE, PRUNED, name="again", request_id="f" * 16)
    assert again.train().exit_code == 0
    assert files(again) == files(made)


def files(made: Jobs) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (made.folder / "trained" / "run-0").iterdir()}


def report_and_archive(made: Jobs, scene: Scene) -> None:
    run = runs.start(scene.world, scene.models, history.WORKFLOW, "issue_comment", scene.mona)
    url = f"https://github.com/tensorflow/models/actions/runs/{run.id}"
    rights = {
        "contents": "write",
        "pull_requests": "write",
        "checks": "write",
        "metadata": "read",
        "actions": "read",
    }
    token = scene.world.workflow_token(scene.models, **rights)
    env = {"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"}
    campaign = ["--campaign", made.folder / "judged" / "campaign.json"]
    words = ["--state", "judged", *campaign, "--scores", made.folder / "scores", "--run", url]
    dry = made("report", *words, "--dry-run", wheel=False, **env)
    assert (dry.exit_code, len(dry.output.splitlines()), scene.own.comments) == (0, 2, [])
    assert made("report", *words, wheel=False, **env).exit_code == 0
    (comment,) = scene.own.comments
    assert comment.body.startswith("### ✅ Reproduced: all 3 claims")
    assert "the training's own word" in comment.body.replace("’", "'")

    for _ in range(2):
        ran = made("archive", *campaign, "--run", url, "--commit", "5" * 40, **env)
        assert ran.exit_code == 0, (ran.output, ran.exception)
    from release_tools.jobs import connection

    github = connection.connect(env)
    digest = made.campaign.plan.content_digest
    (found,) = history.records_for(github, "tensorflow/models", "convergence-history", digest, "pruning")
    assert [(one.claim, one.outcome, one.told) for one in found.found] == [
        ("pruning/tiny/accuracy", Outcome.REPRODUCED, False),
        ("pruning/tiny/sparsity", Outcome.REPRODUCED, False),
        ("pruning/tiny/word", Outcome.REPRODUCED, True),
    ]
    assert (found.request_id, found.run, found.harness_commit) == (made.plan.request_id, url, "5" * 40)


INTERRUPTS = """
import os, signal
from pathlib import Path
from convergence import resume
from convergence.example import experiments

append = resume.Curve.append

def interrupted(self, point):
    append(self, point)
    mark = self._path.parent.parent / "interrupted"
    if not mark.exists():
        mark.touch()
        fields = Path(f"/proc/{os.getppid()}/status").read_text().split()
        os.kill(int(fields[fields.index("PPid:") + 1]), signal.SIGTERM)
        signal.pause()

resume.Curve.append = interrupted
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Callable[[str], Path]:
    """A checkout of the pull request with one module, `theirs`."""

    def make(text: str) -> Path:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "theirs.py").write_text(text)
        return tmp_path / "models"

    return make


def test_sigterm_then_the_same_command(jobs: Callable[..., Jobs], checkout: Callable[[str], Path]) -> None:
    alone = replace(BASE, module="theirs", claims=(named(ANYTHING),))
    made = jobs(alone, models=checkout(INTERRUPTS))
    assert made.train(recipe="uncompressed/tiny").exit_code == 75
    assert list((made.folder / "trained" / "run-0").iterdir()) == []
    ran = made.train(recipe="uncompressed/tiny")
    assert ran.exit_code == 0, (ran.output, ran.exception, (made.folder / "log").read_text()[-2000:])
    assert made.score().exit_code == 0
    assert [point.step for point in made.scores["uncompressed"].curve] == [10, 20]


def named(claim: Claim) -> Claim:
    return replace(claim, technique="uncompressed", recipe="tiny")


FORGES = """
import os, dataclasses
from pathlib import Path
from convergence import records
from convergence.example import experiments
from convergence.results import Training

write = records.write

def forged(path, record):
    if isinstance(record, Training):
        words = dict.fromkeys(("sparsity", "sparsity_min_layer"), 0.5)
        words |= dict.fromkeys(("accuracy", "tflite_float_accuracy", "tflite_float_zip_bytes"), 1.0)
        record = dataclasses.replace(record, metrics=words, timings={"tflite_float_latency_ratio": 0.001})
        (path.parent / "environment").write_text(repr(dict(os.environ)))
    write(path, record)

records.write = forged
"""
PLANTS = (
    FORGES
    + """

left = Path([word for word in open(f"/proc/{os.getppid()}/cmdline").read().split(chr(0)) if word][-3])
(left / "other.html").write_text("<script>")
raise ImportError("this trains nothing")
"""
)


def test_a_training_that_forges_changes_no_verdict(
    jobs: Callable[..., Jobs], checkout: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    monkeypatch.setenv("ACTIONS_RUNTIME_TOKEN", "ey_secret")
    never = {"pruning": {"schedule": "constant", "begin_step": 1000, "end_step": 2000}}
    half = replace(asked.ACCURACY, target=0.999, margin=0.02)  # more than the tiny network can
    theirs = replace(PRUNED, module="theirs", optimization=never, claims=(half, SPARSITY, size()))
    made = jobs(replace(BASE, module="theirs"), theirs, models=checkout(FORGES))
    ran = made.train()
    assert ran.exit_code == 0, (ran.output, ran.exception)
    assert made.score().exit_code == 0
    assert set(made.judge().values()) == {Outcome.NOT_REPRODUCED}
    assert made.scores["pruning"].metrics["sparsity"] < 0.01
    assert "tflite_float_latency_ratio" in made.scores["pruning"].timings
    assert made.scores["pruning"].timings["tflite_float_latency_ratio"] > 0.01
    (seen, *_) = (made.folder.parent / "store").glob("*/*/*/environment")
    assert "secret" not in seen.read_text()
    assert trial.harness_digest() == made.plan.harness


def size() -> Claim:
    return replace(asked.SPARSITY, name="size", kind=Kind.SIZE, metric="tflite_float_zip_bytes", target=100.0)


def test_a_training_that_plants_files_is_refused(
    jobs: Callable[..., Jobs], checkout: Callable[[str], Path]
) -> None:
    made = jobs(replace(BASE, module="theirs", claims=(named(ANYTHING),)), models=checkout(PLANTS))
    ran = made.train(recipe="uncompressed/tiny")
    assert isinstance(ran.exception, UserError), (ran.output, ran.exception)
    assert "'other.html' is not expected here" in str(ran.exception)
    assert list((made.folder / "trained" / "run-0").iterdir()) == []


def test_without_a_container_foreign_code_is_refused(jobs: Callable[..., Jobs]) -> None:
    made = jobs(BASE, PRUNED)
    words = ["--recipe", "pruning/tiny", "--index", "0", "--isolation", "none", "--out", made.folder / "out"]
    ran = made("train", *words, "--data", made.folder / "data", "--store", made.folder / "store")
    assert str(ran.exception).startswith("error[not-isolated]: isolation is off")
    assert not (made.folder / "out").exists()
