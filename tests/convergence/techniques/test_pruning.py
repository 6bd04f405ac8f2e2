"""Pruning, trained for real: the zeros are there and stay there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from convergence.results import ErrorKind, TrialResult

pytestmark = pytest.mark.training


@pytest.mark.parametrize(
    "options",
    [
        {"schedule": "polynomial", "final_sparsity": 0.5, "end_step": 10, "frequency": 2},
        {"schedule": "constant", "final_sparsity": 0.5, "end_step": 10, "frequency": 2},
    ],
    ids=lambda options: options["schedule"],
)
def test_half_of_the_weights_are_zero(
    optimized: Callable[..., TrialResult], options: dict[str, object]
) -> None:
    result = optimized("pruning", **options)
    assert result.error is None
    assert result.metrics["sparsity"] == pytest.approx(0.5, abs=0.001)
    assert result.metrics["sparsity_min_layer"] == pytest.approx(0.5, abs=0.01)


def test_the_deployed_file_has_the_zeros(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("pruning", final_sparsity=0.75, end_step=10, frequency=2)
    layers = {name: row for name, row in result.layers.items() if name.startswith("float")}
    assert layers
    assert all(row["sparsity"] == pytest.approx(0.75, abs=0.02) for row in layers.values())


def test_two_of_four_consecutive_weights_are_zero(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("pruning", sparsity_m_by_n=[2, 4], schedule="constant", end_step=10, frequency=2)
    assert result.error is None
    assert result.metrics["sparsity"] == pytest.approx(0.5, abs=0.05)
    assert result.metrics["two_in_four"] == 1.0


def test_only_the_chosen_layers_are_pruned(optimized: Callable[..., TrialResult]) -> None:
    options = {"schedule": "constant", "end_step": 10, "frequency": 2, "layers": ["residual_block_*conv1"]}
    result = optimized("pruning", **options)
    assert result.error is None
    assert result.metrics["sparsity_min_layer"] == 0.0
    assert 0.0 < result.metrics["sparsity"] < 0.5


def test_a_layer_that_is_not_there_is_bad_input(optimized: Callable[..., TrialResult]) -> None:
    with pytest.raises(Exception, match=r'no-such-layer.*no layer is called "blok_.*layers with weights: '):
        optimized("pruning", layers=["blok_*"])


def test_the_baseline_comes_along(optimized: Callable[..., TrialResult], uncompressed: TrialResult) -> None:
    result = optimized("pruning", final_sparsity=0.5, end_step=10, frequency=2)
    assert result.metrics["baseline.accuracy"] == uncompressed.metrics["accuracy"]


def test_an_unknown_schedule_is_bad_input(optimized: Callable[..., TrialResult]) -> None:
    with pytest.raises(Exception, match='no pruning schedule "cubic"; known: polynomial, constant'):
        optimized("pruning", schedule="cubic")


def test_tfmots_own_refusal_is_a_crash_with_its_words(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("pruning", final_sparsity=1.5)
    assert result.error is not None
    assert result.error.kind is ErrorKind.CRASHED
    assert "sparsity" in result.error.message
