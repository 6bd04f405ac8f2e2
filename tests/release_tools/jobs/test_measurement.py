"""From what trainings left to results, with a scorer that only pretends: who is believed in what."""

from __future__ import annotations

import hashlib
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import asked
import pytest
from asked import HEALTHY, Asked

from convergence import records
from convergence.errors import UserError
from convergence.jobs import FAILURE, TRAINING, Chain
from convergence.model import Kind
from convergence.results import ErrorKind, Training, TrialResult
from convergence.trial import Trial
from release_tools.jobs import legs, measurement, scores
from release_tools.jobs.isolation import Box, Isolation
from release_tools.jobs.measurement import Measurement

CONTENT = b"TFL3"


@pytest.fixture
def made(tmp_path: Path) -> Asked:
    return Asked(tmp_path / "request", asked.plan())


def leave(folder: Path, trial: Trial, **changes: object) -> None:
    """What a healthy training leaves of a trial."""
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    record = Training(trial.digest, {"accuracy": 1.0}, (), {}, {"float": sha256}, {"training": 2.0}, "GPU")
    records.write(folder / f"{trial.digest}{TRAINING}", replace(record, **changes))  # type: ignore[arg-type]
    (folder / f"{trial.digest}.float.tflite").write_bytes(CONTENT)


def scorer(
    metrics: dict[str, float], status: int = 0, scored: int = 2
) -> Callable[[Box, Isolation, Path, Path], int]:
    """Stands in for the process that measures: the first trials get these metrics, then it ends."""

    def run(box: Box, kept: Isolation, scratch: Path, log: Path, minutes: float | None = None) -> int:
        chain = records.read(scratch / "chain.json", Chain)
        for one in chain.trials[:scored]:
            assert (scratch / "store" / one.digest / "training.json").is_file()
            assert (scratch / "store" / one.digest / "float.tflite").read_bytes() == CONTENT
            result = one.result(metrics=metrics, device="CPU", seconds={"training": 2.0})
            records.write(scratch / "store" / f"{one.digest}.json", result)
        log.write_text("error[missing-data]: no file\n")
        return status

    return run


def score(made: Asked, monkeypatch: pytest.MonkeyPatch, run: object) -> dict[str, TrialResult]:
    monkeypatch.setattr(legs, "run", run)
    (made.folder / "data" / "digits").mkdir(parents=True, exist_ok=True)
    out = made.folder / "scores"
    where = (made.folder / "trained", made.folder / "data", out)
    measurement.score(Measurement(made.subject, *where, Isolation("")))
    return {result.technique: result for result in scores.read(out).values()}


@pytest.fixture
def trained(made: Asked) -> Path:
    for trial in made.chain():
        leave(made.folder / "trained", trial, versions={"tensorflow": "2.20.0"})
    return made.folder / "trained"


def test_each_trial_gets_a_result(made: Asked, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = score(made, monkeypatch, scorer(HEALTHY))
    assert {name: dict(result.metrics) for name, result in found.items()} == {
        "uncompressed": HEALTHY,
        "pruning": HEALTHY,
    }
    assert found["pruning"].versions == {"tensorflow": "2.20.0"}


def test_a_file_that_breaks_the_interpreter_is_its_trials_fault(
    made: Asked, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = score(made, monkeypatch, scorer(HEALTHY, status=-signal.SIGSEGV, scored=1))
    error = found["pruning"].error
    assert error is not None
    assert (error.kind, error.message) == (ErrorKind.CRASHED, "measuring its files ended by SIGSEGV")
    assert found["uncompressed"].error is None


@pytest.mark.parametrize("status", [2, 1, 137, -signal.SIGKILL])
def test_a_machine_that_ends_it_is_no_result(
    made: Asked, trained: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    with pytest.raises(UserError, match="scoring-ended"):
        score(made, monkeypatch, scorer(HEALTHY, status))


def test_what_no_file_shows_fails_the_trial(
    made: Asked, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = score(made, monkeypatch, scorer({"sparsity": 0.5}))
    error = found["pruning"].error
    assert error is not None
    assert (error.kind, error.message) == (
        ErrorKind.CRASHED,
        "it left nothing that shows tflite_float_accuracy",
    )
    assert found["uncompressed"].error is None


def test_a_baseline_must_be_shown_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gained = replace(asked.ACCURACY, kind=Kind.PAIRED, baseline="tflite_float_accuracy")
    made = Asked(tmp_path / "request", asked.plan(replace(asked.TINY, claims=(gained,))))
    for trial in made.chain():
        leave(made.folder / "trained", trial)
    error = score(made, monkeypatch, scorer(HEALTHY))["pruning"].error
    assert error is not None
    assert error.message == "it left nothing that shows baseline.tflite_float_accuracy"


def test_a_failure_is_handed_on(made: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    start, own = made.chain()
    leave(made.folder / "trained", start)
    records.write(made.folder / "trained" / f"{own.digest}{FAILURE}", asked.crashed(own))
    found = score(made, monkeypatch, scorer(HEALTHY))
    assert found["pruning"].error == asked.crashed(own).error
    assert found["uncompressed"].error is None


def test_a_start_that_failed_needs_no_scorer(made: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    start = made.chain()[0]
    records.write(made.folder / "trained" / f"{start.digest}{FAILURE}", asked.crashed(start))
    found = score(made, monkeypatch, None)
    assert list(found) == ["uncompressed"]


def test_runs_of_several_jobs(made: Asked, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.move(trained, made.folder / "job-0")
    trained.mkdir()
    shutil.move(made.folder / "job-0", trained / "job-0")
    for trial in made.chain(1):
        leave(trained / "job-1", trial)
    score(made, monkeypatch, scorer(HEALTHY))
    assert len(list(made.scores.iterdir())) == 4


def test_two_runs_in_one_delivery(made: Asked, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for trial in made.chain(1):
        leave(trained, trial)
    with pytest.raises(UserError, match="holds trials of more than one run"):
        score(made, monkeypatch, scorer(HEALTHY))


def test_another_plans_training(made: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Asked(tmp_path / "other", asked.plan(harness="0" * 32))
    for trial in other.chain():
        leave(made.folder / "trained", trial)
    with pytest.raises(UserError, match=r"bad-artifact.*is not expected here"):
        score(made, monkeypatch, scorer(HEALTHY))


def test_a_scorer_that_is_taken_over_still_has_to_say_what_its_trial_is(
    made: Asked, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = scorer(HEALTHY)

    def taken_over(box: Box, kept: Isolation, scratch: Path, log: Path) -> int:
        honest(box, kept, scratch, log)
        (path,) = (scratch / "store").glob(f"{made.chain()[1].digest}.json")
        records.write(path, replace(records.read(path, TrialResult), seed=1))
        return 0

    with pytest.raises(UserError, match="states another seed"):
        score(made, monkeypatch, taken_over)
