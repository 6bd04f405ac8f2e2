"""Scoring what a training left: apart from it, as often as one likes, and only those very files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from convergence import records, scoring, training, trial
from convergence.errors import UserError
from convergence.results import ErrorKind, Training, TrialResult

from .conftest import plain_trial, recipe

pytestmark = pytest.mark.training


@pytest.fixture
def trained(uncompressed: TrialResult, store: Path, tmp_path: Path) -> Path:
    """A folder of trials with one that is trained and not yet scored."""
    shutil.copytree(store / uncompressed.digest, tmp_path / uncompressed.digest)
    return tmp_path


def test_what_is_trained_is_only_scored(trained: Path, uncompressed: TrialResult, data_root: Path) -> None:
    def never(step: int, steps: int) -> None:
        raise AssertionError("it trains again")

    again = trial.run(plain_trial(recipe()), trained, data_root, never)
    assert (again.metrics, again.curve, again.layers) == (
        uncompressed.metrics,
        uncompressed.curve,
        uncompressed.layers,
    )
    assert records.read(trial.result_path(trained, again.digest), TrialResult) == again


@pytest.mark.parametrize("left", [b"not what training left", None], ids=["changed", "gone"])
def test_another_file_than_training_left_is_refused(
    trained: Path, uncompressed: TrialResult, data_root: Path, left: bytes | None
) -> None:
    path = trained / uncompressed.digest / "int8.tflite"
    path.write_bytes(left) if left else path.unlink()
    with pytest.raises(UserError, match=r"not-a-record.*int8\.tflite is not the file that training left"):
        scoring.score(plain_trial(recipe()), trained, data_root)
    assert list(trained.glob("*.json")) == []


def test_a_file_that_no_interpreter_runs_is_a_crash(
    trained: Path, uncompressed: TrialResult, data_root: Path
) -> None:
    import hashlib

    folder = trained / uncompressed.digest
    (folder / "int8.tflite").write_bytes(b"noise")
    record = records.read(folder / training.FILE, Training)
    files = {**record.files, "int8": hashlib.sha256(b"noise").hexdigest()}
    records.write(folder / training.FILE, replace(record, files=files))
    result = scoring.score(plain_trial(recipe()), trained, data_root)
    assert result.error is not None
    assert result.error.kind is ErrorKind.CRASHED
    assert result.metrics == {}


def test_times_are_compared_and_kept_apart_from_the_metrics(
    uncompressed: TrialResult, optimized: Callable[..., TrialResult]
) -> None:
    pruned = optimized("pruning", end_step=10, frequency=2)
    assert set(uncompressed.timings) == {"input_wait_share", "tflite_int8_latency_ratio"}
    assert set(pruned.timings) == {
        "input_wait_share",
        "tflite_float_latency_ratio",
        "tflite_int8_latency_ratio",
    }
    assert all(value > 0 for value in pruned.timings.values())
    assert pruned.timings["input_wait_share"] < 1
    assert not set(pruned.timings) & set(pruned.metrics)
    assert pruned.measured == {**pruned.metrics, **pruned.timings}


def scored(store: Path, folder: Path, data_root: Path, **forged: object) -> TrialResult:
    """The trial scored again in a folder of its own, with other words of its training."""
    made = recipe("pruning", pruning={"end_step": 10, "frequency": 2})
    asked = plain_trial(made, start=plain_trial(recipe()).digest)
    for digest in (asked.digest, asked.start):
        shutil.copytree(store / digest, folder / digest)
    shutil.copy(trial.result_path(store, asked.start), folder)
    path = folder / asked.digest / training.FILE
    records.write(path, replace(records.read(path, Training), **forged))
    return scoring.score(asked, folder, data_root)


def test_what_the_files_show_is_never_taken_on_trainings_word(
    optimized: Callable[..., TrialResult], store: Path, tmp_path: Path, data_root: Path
) -> None:
    healthy = optimized("pruning", end_step=10, frequency=2)
    words = dict.fromkeys(healthy.metrics, 1.0) | {"tflite_dynamic_accuracy": 1.0, "baseline.new": 0.0}
    forged = scored(
        store,
        tmp_path,
        data_root,
        metrics=words,
        timings={"tflite_float_latency_ratio": 0.001, "tflite_dynamic_latency_ratio": 0.001},
    )
    told = {"accuracy", "top_5_accuracy", "validation_loss"}
    assert set(forged.told) == told | {f"baseline.{name}" for name in told}
    assert {n: v for n, v in forged.metrics.items() if n not in told} == {
        n: v for n, v in healthy.metrics.items() if n not in told
    }
    assert forged.timings["tflite_float_latency_ratio"] > 0.01
    assert "tflite_dynamic_latency_ratio" not in forged.timings


@pytest.mark.parametrize(
    ("technique", "options", "names"),
    [
        (
            "pruning",
            {"final_sparsity": 0.5, "end_step": 10, "frequency": 2},
            ("sparsity", "sparsity_min_layer"),
        ),
        (
            "pruning",
            {"final_sparsity": 0.75, "end_step": 10, "frequency": 2},
            ("sparsity", "sparsity_min_layer"),
        ),
        ("quantization", {}, ("ranges_moved",)),
    ],
)
def test_what_the_files_show_is_what_a_healthy_training_says(
    optimized: Callable[..., TrialResult],
    store: Path,
    technique: str,
    options: dict[str, object],
    names: tuple[str, ...],
) -> None:
    result = optimized(technique, **options)
    said = records.read(store / result.digest / training.FILE, Training).metrics
    assert {name: result.metrics[name] for name in names} == {name: said[name] for name in names}
    assert not set(names) & set(result.told)


def test_a_file_that_would_run_tensorflow_itself_is_refused(tmp_path: Path) -> None:
    import numpy as np
    import tensorflow as tf

    from convergence import measure

    written = tmp_path / "written"
    function = tf.function(lambda x: (tf.io.write_file(str(written), tf.constant("x")), tf.identity(x))[1])
    concrete = function.get_concrete_function(tf.TensorSpec((1, 2), tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    evil = converter.convert()
    for look in (measure.kernels, measure.weights, measure.integer_operators, measure.activation_scales):
        with pytest.raises(ValueError, match="'FlexWriteFile' is no operator of TFLite's own"):
            look(evil)
    with pytest.raises(ValueError, match="FlexWriteFile"):
        measure.accuracy(evil, [(np.zeros((1, 2), np.float32), np.zeros(1, np.int64))])
    assert not written.exists()


@pytest.mark.parametrize("technique", ["pruning", "quantization"])
def test_leaving_the_file_out_leaves_no_property_to_tell(technique: str) -> None:
    from convergence import techniques

    with pytest.raises(ValueError, match="training left no"):
        techniques.load(technique).deployed({})
