"""The tables below the charts."""

from __future__ import annotations

import pytest

from release_tools.page import grids
from release_tools.page.grids import Grid
from release_tools.page.runs import group
from release_tools.sandbox import campaigns

REPRODUCED = campaigns.reproduced()
DIVERGED = campaigns.diverged()


def test_properties_are_a_column_a_recipe() -> None:
    assert grids.properties(group(REPRODUCED.result, REPRODUCED.trials)) == Grid(
        ("uncompressed", "pruning", "quantization"),
        (
            ("accuracy", ("96.50 % (96.30 % to 96.70 %)",) * 3),
            ("validation loss", ("0.6", "0.6", "0.6")),
            ("sparsity", ("–", "50.00 %", "–")),
            ("ranges moved", ("–", "–", "100.00 %")),
            ("most unique weights in a layer", ("217", "217", "217")),
        ),
    )


def test_layers_are_a_table_a_file() -> None:
    groups = group(REPRODUCED.result, REPRODUCED.trials)
    (layers,) = grids.layers(groups, groups[1])
    assert (layers.name, layers.conversion, layers.seeds) == ("pruning", "float", 3)
    assert layers.grid == Grid(
        ("sparsity", "unique weights"),
        (
            ("000 CONV_2D", ("50.00 %", "217")),
            ("001 DEPTHWISE_CONV_2D", ("0.00 %", "144 (143 to 145)")),
        ),
    )


def test_cost_counts_failed_trials() -> None:
    assert grids.cost(group(DIVERGED.result, DIVERGED.trials)) == Grid(
        ("uncompressed", "pruning", "quantization", "in all"),
        (
            ("training", ("3 min 0 s", "3 min 0 s", "3 min 0 s", "9 min 0 s")),
            ("converting float", ("7.5 s", "7.5 s", "7.5 s", "22.5 s")),
            ("in all", ("3 min 8 s", "3 min 8 s", "3 min 8 s", "9 min 22 s")),
            ("a trial", ("62.5 s", "62.5 s", "62.5 s", "62.5 s")),
        ),
    )


def test_a_campaign_without_trials_cost_nothing() -> None:
    assert grids.cost(group(REPRODUCED.result, ())).rows[-1] == ("a trial", ("–",) * 4)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0.0 s"),
        (47.74, "47.7 s"),
        (99.9, "99.9 s"),
        (100, "1 min 40 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 0 min"),
        (12_000, "3 h 20 min"),
    ],
)
def test_durations_read_as_people_say_them(seconds: float, said: str) -> None:
    assert grids.duration(seconds) == said


@pytest.mark.parametrize(
    ("metric", "value", "said"),
    [
        ("tflite_int8_bytes", 625904.0, "625,904 bytes"),
        ("sparsity_min_layer", 0.5, "50.00 %"),
        ("unique_weights", 143237.0, "143,237"),
        ("unique_weights", 143.5, "143.5"),
        ("validation_loss", 0.61227, "0.6123"),
    ],
)
def test_values_have_the_digits_they_deserve(metric: str, value: float, said: str) -> None:
    assert grids.value(metric, value) == said
