"""A request with its plan, a wheel that is in order, and results of its runs; nothing is built or trained."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from convergence import records, trial
from convergence.model import Claim, Kind, Recipe
from convergence.results import ErrorKind, TrialError, TrialResult
from convergence.trial import Trial
from release_tools.jobs import subject
from release_tools.jobs.subject import Subject
from release_tools.plan import Commit, Plan
from release_tools.wheel import wheelfile
from release_tools.wheel.provenance import Provenance

COMMIT, HEAD = "c0de" * 10, "1f0c" * 10
ACCURACY = Claim(
    technique="pruning",
    recipe="tiny",
    name="accuracy",
    kind=Kind.AT_LEAST,
    metric="tflite_float_accuracy",
    target=0.9,
    margin=0.02,
    source="a guide",
    measured="ten runs",
    references=(0.9, 0.91, 0.89, 0.9, 0.905, 0.895),
    headline=True,
)
SPARSITY = replace(
    ACCURACY,
    name="sparsity",
    kind=Kind.EXACT,
    metric="sparsity",
    target=0.5,
    margin=0.01,
    references=(),
    headline=False,
)
BASE = Recipe(
    technique="uncompressed",
    name="tiny",
    tier="smoke",
    experiment="e",
    module="convergence.example",
    data="digits",
)
TINY = replace(
    BASE,
    technique="pruning",
    start="uncompressed/tiny",
    optimization={"pruning": {}},
    claims=(ACCURACY, SPARSITY),
)
HEALTHY = {"tflite_float_accuracy": 0.9, "sparsity": 0.5}


def plan(*recipes: Recipe, **changes: Any) -> Plan:
    made = Plan(
        request_id="0123456789abcdef",
        comment_id=7,
        requested_by="mona",
        repository="tensorflow/models",
        pull_request=1,
        head_sha=HEAD,
        tfmot=Commit("tensorflow/model-optimization", COMMIT),
        models=Commit("tensorflow/models", HEAD),
        techniques=("pruning",),
        tier="smoke",
        recipes={recipe.id: recipe for recipe in (BASE, *(recipes or (TINY,)))},
        looks=(1, 3),
        seeds_extra=0,
        harness=trial.harness_digest(),
        costs={"CPU-minutes": 2.0},
    )
    return replace(made, **changes)


def write_wheel(folder: Path, content: bytes = b"x = 1\n") -> Path:
    """A wheel of TFMOT with one module, and its provenance beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tensorflow_model_optimization-1.2.3-py2.py3-none-any.whl"
    info = "tensorflow_model_optimization-1.2.3.dist-info"
    files = {
        "tensorflow_model_optimization/__init__.py": content,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: tensorflow-model-optimization\nVersion: 1.2.3\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n",
    }
    lines = [f"{name},{_entry(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    (folder / "provenance.json").write_text(provenance(path).to_json())
    return folder


def _entry(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest},{len(data)}"


def provenance(path: Path, **changes: Any) -> Provenance:
    found = wheelfile.read(path)
    made = Provenance(
        source="somewhere",
        ref="HEAD",
        commit=COMMIT,
        tree="7ree" * 10,
        tag=None,
        commit_time="2026-01-01T00:00:00+00:00",
        backend="setuptools",
        builder={},
        name=found.name,
        version=str(found.version),
        wheel=path.name,
        sha256=found.sha256,
        content_digest=found.content_digest,
        files=tuple(found.members),
    )
    return replace(made, **changes)


@dataclass
class Asked:
    """A folder with plan.json, dist/ and scores/, as the jobs hand them on."""

    folder: Path
    plan: Plan

    def __post_init__(self) -> None:
        records.write(self.folder / "plan.json", self.plan)
        write_wheel(self.folder / "dist")

    @property
    def words(self) -> list[str]:
        """How every job's command begins."""
        return [str(self.folder / "plan.json"), "--wheel", str(self.folder / "dist")]

    @property
    def subject(self) -> Subject:
        return subject.read(self.plan, self.folder / "dist")

    @property
    def scores(self) -> Path:
        return self.folder / "scores"

    def chain(self, index: int = 0, recipe: str = "pruning/tiny") -> Sequence[Trial]:
        return self.subject.campaign().chain(self.plan.recipes[recipe], index)

    def result(self, index: int = 0, metrics: Mapping[str, float] = HEALTHY, **changes: Any) -> TrialResult:
        """Of a run's last trial."""
        made = self.chain(index)[-1].result(metrics=metrics, device="CPU", seconds={"training": 1.0})
        return replace(made, **changes)

    def score(self, *results: TrialResult) -> None:
        for result in results:
            records.write(self.scores / f"{result.digest}.json", result)

    def runs(self, values: Sequence[float | None], **changes: Any) -> None:
        """Scores runs with these accuracies, from the first; None is one that no machine brought."""
        for index, value in enumerate(values):
            if value is not None:
                self.score(self.result(index, HEALTHY | {"tflite_float_accuracy": value}, **changes))


def crashed(trial: Trial, message: str = "ValueError: no") -> TrialResult:
    return trial.result(error=TrialError(ErrorKind.CRASHED, message), device="CPU")
