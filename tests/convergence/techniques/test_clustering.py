"""Weight clustering, trained for real: the weights of a layer share their values, in the file as well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from convergence.results import TrialResult

pytestmark = pytest.mark.training


def test_a_layer_has_as_many_values_as_clusters(
    optimized: Callable[..., TrialResult], uncompressed: TrialResult
) -> None:
    result = optimized("clustering", number_of_clusters=8)
    assert result.error is None
    assert result.metrics["clusters"] <= 8
    assert 4 <= result.metrics["clusters_per_channel"] <= 8
    zipped = "tflite_float_zip_bytes"
    assert result.metrics[zipped] < 0.7 * uncompressed.metrics[zipped]


def test_what_tfmot_only_warns_of_is_refused(optimized: Callable[..., TrialResult]) -> None:
    """Its count of channels is the bias's size, or else that of the kernel: one weight a channel."""
    with pytest.raises(Exception, match=r"TFMOT does not cluster \S+: .*does not have enough weights"):
        optimized("clustering", number_of_clusters=4, per_channel=True)


def test_zeros_of_pruning_stay(optimized: Callable[..., TrialResult]) -> None:
    pruned = optimized("pruning", final_sparsity=0.5, end_step=10, frequency=2)
    result = optimized("clustering", after=pruned, number_of_clusters=8, preserve_sparsity=True)
    assert result.error is None
    assert result.metrics["sparsity"] >= 0.499
    assert result.metrics["clusters_per_channel"] <= 9


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"initialization": "best"}, 'no initialization of centroids "best"; known: linear, random, '),
        ({"number_of_clusters": 1}, "1 clusters are none; at least 2"),
        ({"number_of_clusters": 500}, "500 clusters for the 256 weights of "),
        ({"layers": ["head"]}, 'no layer is called "head"'),
    ],
)
def test_bad_options_are_named(
    optimized: Callable[..., TrialResult], options: dict[str, object], said: str
) -> None:
    with pytest.raises(Exception, match=said):
        optimized("clustering", **options)
