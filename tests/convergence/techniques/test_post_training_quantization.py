"""Post-training quantization: nothing is trained, and each file is smaller than the float one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from convergence.results import TrialResult

pytestmark = pytest.mark.training


def test_nothing_is_trained_and_each_file_is_smaller(
    untrained: Callable[..., TrialResult], uncompressed: TrialResult
) -> None:
    result = untrained("post_training_quantization")
    assert result.error is None
    assert [point.step for point in result.curve] == [0]
    metrics = result.metrics
    assert metrics["accuracy"] == uncompressed.metrics["accuracy"]
    assert metrics["tflite_float_accuracy"] == uncompressed.metrics["tflite_float_accuracy"]
    shares = {
        name: metrics[f"tflite_{name}_bytes"] / metrics["tflite_float_bytes"]
        for name in ("dynamic", "float16", "int8")
    }
    assert 0.45 < shares["float16"] < 0.55
    assert 0.2 < shares["dynamic"] < 0.35
    assert 0.2 < shares["int8"] < 0.35
    assert metrics["tflite_int8_integer_operators"] == 1.0
