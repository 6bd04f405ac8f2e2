"""Collaborative optimization, trained for real: zeros and clusters outlive quantization-aware training."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from convergence.results import TrialResult

pytestmark = pytest.mark.training
PRUNING = {"final_sparsity": 0.5, "end_step": 10, "frequency": 2}


def test_pqat_keeps_the_zeros(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("collaborative", after=optimized("pruning", **PRUNING), preserve=["sparsity"])
    assert result.error is None
    assert result.metrics["sparsity"] >= 0.499
    assert result.metrics["ranges_moved"] == 1.0
    assert result.metrics["tflite_int8_integer_operators"] == 1.0


@pytest.mark.long
def test_cqat_keeps_the_clusters(optimized: Callable[..., TrialResult]) -> None:
    clustered = optimized("clustering", number_of_clusters=8)
    result = optimized("collaborative", after=clustered, preserve=["clusters"])
    assert result.error is None
    assert (
        result.metrics["clusters_per_channel"] <= 9
    )  # the regularizer moves weights after the last clustering
    assert result.metrics["tflite_int8_accuracy"] == pytest.approx(result.metrics["accuracy"], abs=0.02)


def test_plain_quantization_keeps_neither(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("quantization", after=optimized("clustering", number_of_clusters=8))
    assert result.error is None
    assert max(row["unique_weights"] for row in result.layers.values()) > 8


@pytest.mark.long
def test_pcqat_keeps_both(optimized: Callable[..., TrialResult]) -> None:
    pruned = optimized("pruning", **PRUNING)
    clustered = optimized("clustering", after=pruned, number_of_clusters=8, preserve_sparsity=True)
    result = optimized("collaborative", after=clustered, preserve=["sparsity", "clusters"])
    assert result.error is None
    assert result.metrics["sparsity"] >= 0.499
    assert result.metrics["clusters_per_channel"] <= 9


@pytest.mark.parametrize("preserve", [[], ["zeros"]])
def test_what_cannot_be_preserved_is_named(
    optimized: Callable[..., TrialResult], preserve: list[str]
) -> None:
    with pytest.raises(Exception, match=r"collaborative-options.*known: sparsity, clusters, or both"):
        optimized("collaborative", preserve=preserve)
