"""Quantization-aware training, for real: ranges move, the integer file is what was trained."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from convergence.model import TrialResult

pytestmark = pytest.mark.training


def test_ranges_move_and_the_integer_file_agrees(
    optimized: Callable[..., TrialResult], uncompressed: TrialResult
) -> None:
    result = optimized("quantization")
    assert result.error is None
    assert result.metrics["ranges_moved"] == 1.0
    assert result.metrics["tflite_int8_accuracy"] == pytest.approx(result.metrics["accuracy"], abs=0.02)
    assert result.metrics["tflite_int8_bytes"] < 0.5 * uncompressed.metrics["tflite_float_bytes"]


def test_no_weight_needs_more_than_eight_bits(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("quantization")
    assert max(row["unique_weights"] for row in result.layers.values()) <= 255


def test_only_eight_bits_are_offered(optimized: Callable[..., TrialResult]) -> None:
    with pytest.raises(Exception, match=r"quantization-options.*4 bits"):
        optimized("quantization", bits=4)
