"""A failed training says what a person can do: which file is damaged, which batch to try."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from convergence import causes, scoring, training
from convergence.errors import UserError
from convergence.results import ErrorKind, TrialResult
from convergence.trial import InfrastructureError

from .conftest import plain_trial, recipe

OOM = "Graph execution error:\n\nDetected at node 'conv'\nOOM when allocating tensor with shape[64,32]\n"


def silent(step: int, steps: int) -> None:
    """Progress that nobody watches."""


class ResourceExhaustedError(Exception):
    """As TensorFlow names it."""


class InternalError(Exception):
    """As TensorFlow names it."""


@pytest.mark.parametrize(
    ("failure", "short"),
    [
        (MemoryError(), True),
        (ResourceExhaustedError(OOM), True),
        (InternalError("CUDA_ERROR_OUT_OF_MEMORY: out of memory"), True),
        (InternalError("cuDNN launch failure"), False),
        (ValueError("out of memory"), False),
        (OSError(28, "No space left on device"), False),
    ],
)
def test_what_is_a_lack_of_memory(failure: Exception, short: bool) -> None:
    assert causes.exhausted(failure) is short


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (64, "with a batch of 64: try 32 (task.train_data.global_batch_size)"),
        (3, "with a batch of 3: try 1 (task.train_data.global_batch_size)"),
        (1, "with a batch of 1: nothing smaller is left, use a machine with more memory"),
    ],
)
def test_half_the_batch_is_to_try(batch: int, said: str) -> None:
    assert causes.batch_to_try(batch) == said


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("task:\n  train_data:\n    global_batch_size: 256\n", 256),
        ("task:\n  train_data:\n    area: !!python/tuple [0, 1]\n    global_batch_size: 8\n", 8),
        ("task:\n  train_data: {}\n", None),
        ("task: !!python/object/apply:os.getcwd []\n", None),
        ("task: [", None),
        ("", None),
        (None, None),
    ],
)
def test_the_batch_of_a_training_that_is_gone(tmp_path: Path, text: str | None, batch: int | None) -> None:
    if text is not None:
        (tmp_path / "params.yaml").write_text(text)
    assert causes.noted_batch(tmp_path) == batch


def of_machine(*_: Any) -> None:
    raise MemoryError


def of_device(*_: Any) -> None:
    """Asks TensorFlow for what no machine has."""
    import tensorflow as tf

    tf.zeros([1 << 42])


def of_graph(*_: Any) -> None:
    raise ResourceExhaustedError(OOM)


@pytest.mark.training
@pytest.mark.parametrize(
    ("short", "reason"),
    [
        (of_machine, "MemoryError:"),
        (of_device, r"ResourceExhaustedError: .*OOM when allocating tensor with shape\[4398046511104\].*"),
        (of_graph, r"ResourceExhaustedError: OOM when allocating tensor with shape\[64,32\]"),
    ],
)
@pytest.mark.parametrize(("batch", "tried"), [({}, (64, 32)), ({"global_batch_size": 24}, (24, 12))])
def test_a_batch_that_does_not_fit_is_no_fault_of_the_technique(
    tmp_path: Path,
    data_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    short: Callable[..., None],
    reason: str,
    batch: dict[str, int],
    tried: tuple[int, int],
) -> None:
    from convergence import official

    monkeypatch.setattr(official, "train", short)
    made = recipe()
    made = replace(made, overrides={**made.overrides, "task": {"train_data": batch}} if batch else {})
    with pytest.raises(InfrastructureError) as ended:
        training.train(plain_trial(made), tmp_path, data_root, silent)
    said = f"with a batch of {tried[0]}: try {tried[1]} (task.train_data.global_batch_size)"
    assert re.fullmatch(f"{re.escape(f'out of memory {said}; ')}{reason}", str(ended.value)), ended.value
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.training
def test_scoring_names_the_batch_that_it_tests_with(
    uncompressed: TrialResult, store: Path, data_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from convergence import measure

    def short(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(measure, "accuracy", short)
    shutil.copytree(store / uncompressed.digest, tmp_path / uncompressed.digest)
    with pytest.raises(InfrastructureError, match=r"batch of 100: try 50 \(task.validation_data.global"):
        scoring.score(plain_trial(recipe()), tmp_path, data_root)


def cut(path: Path, left: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * left)])


@pytest.mark.training
@pytest.mark.parametrize(
    ("split", "left", "said"),
    [
        ("train", 0.5, r"train\.tfrecord is damaged behind its record \d\d\d;"),
        ("train", 0.0, r"train\.tfrecord holds no record;"),
        ("test", 0.9, r"test\.tfrecord is damaged behind its record 4\d\d;"),
    ],
)
def test_a_file_that_is_cut_off_is_named(
    uncompressed: TrialResult, data_root: Path, tmp_path: Path, split: str, left: float, said: str
) -> None:
    shutil.copytree(data_root, tmp_path / "data")
    cut(tmp_path / "data" / "digits" / f"{split}.tfrecord", left)
    with pytest.raises(UserError) as refused:
        training.train(plain_trial(recipe()), tmp_path / "store", tmp_path / "data", silent)
    assert refused.value.code == "damaged-data"
    assert re.search(said, str(refused.value)), refused.value
    assert list((tmp_path / "store").glob("*.json")) == []


@pytest.mark.training
def test_a_test_set_that_is_cut_off_is_named_by_scoring(
    uncompressed: TrialResult, store: Path, data_root: Path, tmp_path: Path
) -> None:
    shutil.copytree(data_root, tmp_path / "data")
    cut(tmp_path / "data" / "digits" / "test.tfrecord", 0.9)
    shutil.copytree(store / uncompressed.digest, tmp_path / uncompressed.digest)
    with pytest.raises(UserError, match=r"damaged-data.*test\.tfrecord.*delete .*digits to have it made"):
        scoring.score(plain_trial(recipe()), tmp_path, tmp_path / "data")


@pytest.mark.training
def test_what_no_file_explains_stays_the_trials_result(
    tmp_path: Path, data_root: Path, uncompressed: TrialResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint can be damaged as well."""
    import tensorflow as tf

    from convergence import official

    def broken(*_: Any) -> None:
        raise tf.errors.DataLossError(None, None, "Checksum does not match")

    monkeypatch.setattr(official, "train", broken)
    result = training.train(plain_trial(recipe()), tmp_path, data_root, silent)
    assert result is not None
    assert result.error is not None
    assert (result.error.kind, result.error.message) == (
        ErrorKind.CRASHED,
        "DataLossError: Checksum does not match",
    )


@pytest.mark.training
@pytest.mark.parametrize("width", [0.25, 0.5])
def test_a_checkpoint_of_another_model_is_named(
    uncompressed: TrialResult, store: Path, data_root: Path, tmp_path: Path, width: float
) -> None:
    """One with other layers, and one whose layers are wider."""
    made = recipe("pruning", pruning={"end_step": 10})
    model_id = 10 if width != 0.25 else 18
    resnet = {"model_id": model_id, "stem_type": "v0", "depth_multiplier": width}
    backbone = {"task": {"model": {"backbone": {"type": "resnet", "resnet": resnet}}}}
    other = plain_trial(replace(made, overrides={**made.overrides, **backbone}), start=uncompressed.digest)
    shutil.copytree(store / uncompressed.digest, tmp_path / uncompressed.digest)
    with pytest.raises(UserError) as refused:
        training.train(other, tmp_path, data_root, silent)
    assert str(refused.value).startswith(
        "error[other-checkpoint]: the checkpoint of uncompressed/tiny is another model's: "
    )
    assert str(refused.value).endswith("with the same backbone and input size")
    assert list(tmp_path.glob("*.json")) == []
