"""What trials measured, recipe by recipe."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from release_tools.page.runs import Deployment, Spread, group, spread
from release_tools.sandbox import campaigns

REPRODUCED = campaigns.reproduced()
DIVERGED = campaigns.diverged()


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], None),
        ([math.nan], None),
        ([2.0], Spread(2.0, 2.0, 2.0, 1)),
        ([3.0, 1.0, math.inf, 2.0], Spread(2.0, 1.0, 3.0, 3)),
    ],
)
def test_a_spread_is_of_finite_values(values: list[float], found: Spread | None) -> None:
    assert spread(values) == found


def test_recipes_come_in_the_order_of_the_plan_and_trials_by_seed() -> None:
    groups = group(REPRODUCED.result, REPRODUCED.trials[::-1])
    assert [runs.recipe.technique for runs in groups] == ["uncompressed", "pruning", "quantization"]
    assert [trial.seed for trial in groups[1].trials] == [1001, 1002, 1003]


def test_a_recipe_without_trials_keeps_its_place() -> None:
    groups = group(REPRODUCED.result, ())
    assert [(runs.trials, runs.deployments, runs.layers, runs.seconds) for runs in groups] == [
        ((), [], {}, {})
    ] * 3


def test_failed_trials_have_a_cost_and_no_metrics() -> None:
    pruning = group(DIVERGED.result, DIVERGED.trials)[1]
    assert (len(pruning.healthy), len(pruning.failed)) == (0, 3)
    assert pruning.metrics == []
    assert pruning.spread("sparsity") is None
    assert pruning.seconds == {"training": 180.0, "converting float": 7.5}


def test_metrics_of_the_start_are_not_its_own() -> None:
    quantization = group(REPRODUCED.result, REPRODUCED.trials)[2]
    assert quantization.metrics == [
        "accuracy",
        "validation_loss",
        "ranges_moved",
        "tflite_int8_accuracy",
        "tflite_int8_zip_bytes",
    ]


def test_a_deployment_needs_accuracy_and_size_of_the_same_trial() -> None:
    first, *rest = (trial for trial in REPRODUCED.trials if trial.technique == "pruning")
    bare = replace(first, metrics={"tflite_float_zip_bytes": 1.0})
    (found,) = group(REPRODUCED.result, (bare, *rest))[1].deployments
    assert found == Deployment("float", (pytest.approx(0.961), pytest.approx(0.963)), (966e3, 966e3))
    assert (found.accuracy, found.size) == (pytest.approx(0.962), 966e3)


def test_layers_are_spread_over_the_seeds() -> None:
    layers = group(REPRODUCED.result, REPRODUCED.trials)[1].layers
    assert list(layers) == ["float 000 CONV_2D", "float 001 DEPTHWISE_CONV_2D"]
    assert layers["float 001 DEPTHWISE_CONV_2D"]["unique_weights"] == Spread(144.0, 143.0, 145.0, 3)
