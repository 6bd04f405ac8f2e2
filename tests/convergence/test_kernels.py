"""Zeros, patterns and shared values of kernels, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from convergence import kernels


def kernel(*rows: list[float]) -> kernels.Kernel:
    """Output channels first: one row each."""
    return np.array(rows, np.float32)


@pytest.mark.parametrize(
    ("found", "overall", "least"),
    [
        ([kernel([0, 1], [0, 0])], 0.75, 0.75),
        ([kernel([0, 1], [0, 0]), kernel([1, 1, 1, 0])], 0.5, 0.25),
        ([], 0.0, 0.0),
        ([np.zeros((0, 4), np.float32)], 0.0, 0.0),
    ],
)
def test_zeros(found: list[kernels.Kernel], overall: float, least: float) -> None:
    assert kernels.zeros(found) == {"sparsity": overall, "sparsity_min_layer": least}


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        ([[0, 1, 0, 1]], 1.0),
        ([[0, 0, 0, 1]], 1.0),
        ([[0, 1, 1, 1]], 0.0),
        ([[0, 0, 1, 1, 1, 1, 1, 1]], 0.5),
        ([[1, 1, 0, 0, 1, 1]], 1.0),  # the last two are no whole group
        ([[1, 0, 0], [0, 0, 0]], 0.0),  # no whole group at all: nothing is shown
    ],
)
def test_two_zeros_in_four(rows: list[list[float]], share: float) -> None:
    assert kernels.two_in_four([kernel(*rows)]) == share


def test_groups_of_a_convolution_go_along_its_input_channels() -> None:
    made = np.ones((2, 3, 3, 4), np.float32)
    made[..., :2] = 0
    assert kernels.two_in_four([made]) == 1.0
    assert kernels.two_in_four([np.moveaxis(made, 3, 0)]) < 1.0


def test_the_channel_with_the_most_values_counts() -> None:
    found = [kernel([1, 1, 2, 2], [3, 4, 5, 3]), kernel([7, 7])]
    assert kernels.most_values(found) == 3
    assert kernels.most_values(found, per_channel=False) == 5
    assert kernels.most_values([]) == 0


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        ([[127, 1, 2, 3], [-127, 4, 5, 6]], 0.0),  # each channel fills its range
        ([[127, 127, -127, 3], [-127, 4, 5, 6]], 0.25),
        ([[7, 1, 2, 3], [1, 2, 3, -7]], 0.0),  # of four bits
        ([[60, 1, 2, 3], [127, 127, 5, 6]], 0.125),  # the first does not fill its range
        ([[0, 0]], 0.0),
    ],
)
def test_weights_that_a_range_cuts_off(rows: list[list[int]], share: float) -> None:
    assert kernels.at_range_ends([np.array(rows, np.int8)]) == share


def test_the_least_integer_is_an_end_too() -> None:
    assert kernels.at_range_ends([np.array([[-128, -128, 0, 0]], np.int8)]) == 0.25
    assert kernels.at_range_ends([]) == 0.0


def test_a_file_that_is_missing_shows_nothing() -> None:
    with pytest.raises(ValueError, match="no float file"):
        kernels.of_file({"int8": b""}, "float")
