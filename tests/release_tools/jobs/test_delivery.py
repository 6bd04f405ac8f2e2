"""What a training may leave, file by file; and that all of it is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import asked
import pytest
from asked import Asked

from convergence import records
from convergence.errors import UserError
from convergence.jobs import FAILURE, TRAINING
from convergence.results import ErrorKind, Evaluation, Training, TrialError
from convergence.trial import Trial
from release_tools.jobs import delivery

Files = dict[str, bytes]


@pytest.fixture
def chain(tmp_path: Path) -> list[Trial]:
    return Asked(tmp_path / "request", asked.plan()).chain()


def left(trial: Trial, content: bytes = b"TFL3", **changes: object) -> Files:
    """What a healthy training leaves, or one that says something else."""
    record = Training(
        digest=trial.digest,
        metrics={"accuracy": 0.9},
        curve=(Evaluation(10, {"accuracy": 0.9}),),
        timings={},
        files={"float": hashlib.sha256(content).hexdigest()},
        seconds={"training": 1.0},
        device="CPU",
    )
    text = records.text(replace(record, **changes))  # type: ignore[arg-type]
    return {trial.digest + TRAINING: text.encode(), f"{trial.digest}.float.tflite": content}


def failed(trial: Trial, **changes: object) -> Files:
    text = records.text(replace(asked.crashed(trial), **changes))  # type: ignore[arg-type]
    return {trial.digest + FAILURE: text.encode()}


def test_all_of_it(chain: list[Trial]) -> None:
    delivery.require_whole(chain, left(chain[0]) | left(chain[1]))
    delivery.require_whole(chain, left(chain[0]) | failed(chain[1]))
    delivery.require_whole(chain, failed(chain[0]))


def test_names_are_those_of_the_trials(chain: list[Trial]) -> None:
    expected = delivery.names(chain)
    digest = chain[0].digest
    assert all(expected(name) for name in left(chain[0]) | left(chain[1]) | failed(chain[1]))
    for name in (
        f"{digest}.savedmodel.tflite",
        f"{digest}.tflite",
        f"{digest}.float.tflite.exe",
        f"{digest}.json",
        f"{digest[:-1]}{'1' if digest[-1] == '0' else '0'}.training.json",
        f"{digest}.training.json\n",
        f"../{digest}.training.json",
        digest.upper() + TRAINING,
    ):
        assert not expected(name), name


EVIL: dict[str, tuple[Callable[[list[Trial]], Files], str]] = {
    "nothing": (lambda chain: {}, "is missing"),
    "half": (lambda chain: left(chain[0]), "is missing"),
    "only the last": (lambda chain: left(chain[1]), "is missing"),
    "a file gone": (
        lambda chain: failed(chain[1]) | {k: v for k, v in left(chain[0]).items() if "float" not in k},
        "is missing, or another than its training states",
    ),
    "a file changed": (
        lambda chain: failed(chain[1]) | left(chain[0]) | {f"{chain[0].digest}.float.tflite": b"x"},
        "is missing, or another than its training states",
    ),
    "a file too many": (
        lambda chain: left(chain[0]) | left(chain[1]) | {f"{chain[1].digest}.int8.tflite": b"x"},
        "belongs to no trial that was finished",
    ),
    "more after a failure": (lambda chain: failed(chain[0]) | left(chain[1]), "belongs to no trial"),
    "both": (lambda chain: failed(chain[1]) | left(chain[0]) | left(chain[1]), "belongs to no trial"),
    "another's record": (
        lambda chain: left(chain[1]) | left(chain[0], digest=chain[1].digest),
        "states another digest",
    ),
    "a path": (
        lambda chain: left(chain[1]) | left(chain[0], files={"../../x": "0" * 64}),
        "is no conversion",
    ),
    "an order": (
        lambda chain: left(chain[1]) | left(chain[0], curve=(Evaluation(2, {}), Evaluation(2, {}))),
        "do not follow",
    ),
    "a name": (lambda chain: left(chain[1]) | left(chain[0], metrics={"a\nb": 1.0}), "a number called"),
    "a long text": (lambda chain: left(chain[1]) | left(chain[0], device="x" * 999), "a text of 999"),
    "an excuse": (
        lambda chain: failed(chain[0], error=TrialError(ErrorKind.INFRASTRUCTURE, "worker lost")),
        "ended by infrastructure",
    ),
    "a failure with results": (
        lambda chain: failed(chain[0], metrics={"a": 1.0}),
        "a failure that has results",
    ),
    "no failure": (lambda chain: failed(chain[0], error=None), "a failure that has results"),
    "a failure of another seed": (lambda chain: failed(chain[0], seed=1), "states another seed"),
}


@pytest.mark.parametrize("name", EVIL)
def test_anything_else_is_refused(chain: list[Trial], name: str) -> None:
    make, what = EVIL[name]
    with pytest.raises(UserError, match=rf"bad-artifact.*{what}"):
        delivery.require_whole(chain, make(chain))


def test_numbers_are_finite(chain: list[Trial]) -> None:
    files = left(chain[0]) | left(chain[1])
    name = chain[0].digest + TRAINING
    for number in (b"NaN", b"Infinity", b"1e999", b'"0.9"'):
        forged = files | {name: files[name].replace(b"0.9", number, 1)}
        with pytest.raises(UserError, match="not-a-record"):
            delivery.require_whole(chain, forged)
