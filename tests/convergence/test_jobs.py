"""A run as a job does it, with workers that only pretend: what is gone on with, left, and tested on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pebble import ProcessExpired

from convergence import jobs, records, trial, workers
from convergence.errors import UserError
from convergence.jobs import Chain
from convergence.results import ErrorKind, Training, TrialError, TrialResult
from convergence.trial import InfrastructureError, Trial

from .conftest import plain_trial, recipe

CHAIN = Chain((plain_trial(recipe()), plain_trial(recipe("pruning", pruning={}), start="s")))
VERSIONS = {"tensorflow": "2.20.0"}


class Trainers:
    """Stands in for `workers.Workers`: answers at once, and remembers what it was asked."""

    asked: list[str]
    answer: Callable[[Trial, Path], TrialResult | None]

    def __init__(self, count: int, store: Path, data_root: Path, example: Path | None) -> None:
        self.store = store

    def __enter__(self) -> Trainers:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def train(self, one: Trial) -> Future[TrialResult | None]:
        Trainers.asked.append(one.recipe.technique)
        future: Future[TrialResult | None] = Future()
        try:
            future.set_result(Trainers.answer(one, self.store))
        except BaseException as failure:
            future.set_exception(failure)
        return future


def leaves(one: Trial, store: Path) -> None:
    """What a healthy training leaves."""
    record = Training(one.digest, {"accuracy": 0.9}, (), {}, {"float": "0" * 64}, {}, "CPU")
    records.write(store / one.digest / "training.json", record)
    (store / one.digest / "float.tflite").write_bytes(one.digest.encode())


def crashes(one: Trial, store: Path) -> TrialResult:
    result = one.result(error=TrialError(ErrorKind.CRASHED, "ValueError: no"))
    records.write(trial.result_path(store, one.digest), result)
    return result


def dies(one: Trial, store: Path) -> None:
    raise ProcessExpired("killed")


@pytest.fixture(autouse=True)
def trainers(monkeypatch: pytest.MonkeyPatch) -> None:
    Trainers.asked, Trainers.answer = [], staticmethod(leaves)
    monkeypatch.setattr(workers, "Workers", Trainers)
    monkeypatch.setattr(trial, "versions", lambda: VERSIONS)


def train(folder: Path) -> set[str]:
    """Endings of the names of what is left."""
    jobs.train(CHAIN, folder / "volume", folder, None, folder / "out")
    first, second = (one.digest for one in CHAIN.trials)
    names = (path.name for path in (folder / "out").iterdir())
    return {name.replace(first, "first").replace(second, "second") for name in names}


def test_each_trial_leaves_its_files(tmp_path: Path) -> None:
    assert train(tmp_path) == {
        "first.training.json",
        "first.float.tflite",
        "second.training.json",
        "second.float.tflite",
    }
    assert Trainers.asked == ["uncompressed", "pruning"]


def test_no_worker_is_started_for_what_is_trained(tmp_path: Path) -> None:
    first = train(tmp_path)
    assert (train(tmp_path), Trainers.asked) == (first, ["uncompressed", "pruning"])


def test_a_failed_start_ends_the_run(tmp_path: Path) -> None:
    Trainers.answer = staticmethod(crashes)
    assert train(tmp_path) == {"first.failure.json"}
    assert Trainers.asked == ["uncompressed"]


def test_what_failed_is_never_tried_again(tmp_path: Path) -> None:
    Trainers.answer = staticmethod(crashes)
    assert train(tmp_path) == train(tmp_path)
    assert Trainers.asked == ["uncompressed"]


def test_a_machine_that_ends_it_leaves_nothing(tmp_path: Path) -> None:
    Trainers.answer = staticmethod(dies)
    with pytest.raises(InfrastructureError, match="its worker died: killed"):
        train(tmp_path)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_the_user_can_mend_is_said(tmp_path: Path) -> None:
    def refuses(one: Trial, store: Path) -> None:
        raise UserError("missing-data", "no file")

    Trainers.answer = staticmethod(refuses)
    with pytest.raises(UserError, match="missing-data"):
        train(tmp_path)


def test_other_versions_do_not_go_on_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(tmp_path)
    monkeypatch.setattr(trial, "versions", lambda: {"tensorflow": "2.21.0"})
    train(tmp_path)
    assert len([path for path in (tmp_path / "volume").iterdir() if path.is_dir()]) == 2


def test_a_chain_is_read_as_it_was_written(tmp_path: Path) -> None:
    records.write(tmp_path / "chain.json", CHAIN)
    assert records.read(tmp_path / "chain.json", Chain) == CHAIN
    digests = [one.digest for one in records.read(tmp_path / "chain.json", Chain).trials]
    assert digests == [one.digest for one in CHAIN.trials]


def test_test_data_come_from_our_own_code() -> None:
    ours, installed = recipe(), replace(recipe(), module="official.vision", data="")
    theirs = replace(ours, module="my_example", experiment="mine", overrides={"task": {"x": "train"}})
    assert jobs.test_set(ours) is ours
    assert jobs.test_set(installed) is installed
    found = jobs.test_set(theirs)
    assert (found.module, found.experiment, found.overrides, found.optimization) == (
        "convergence.example",
        "mobilenet_digits_mot",
        {},
        {},
    )


@pytest.mark.parametrize(
    "module", ["my_example", "official.projects.theirs", "officially", "convergence_", "Convergence"]
)
def test_foreign_test_data_are_refused(module: str) -> None:
    with pytest.raises(UserError, match="foreign-test-data"):
        jobs.test_set(replace(recipe(), module=module, data=""))
