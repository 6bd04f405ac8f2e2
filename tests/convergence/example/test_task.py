"""Without options the task is Official Models' own; with options each technique is asked in turn."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.training

pytest.importorskip("official")


def made(**options: Any) -> Any:
    from official.core import exp_factory

    from convergence.example import task

    config = exp_factory.get_exp_config("mobilenet_digits_mot").task
    config.override({"model_optimization": options or None}, is_strict=False)
    return task.ModelOptimizationTask(config)


def test_without_options_the_model_is_official_models_own() -> None:
    from official.vision.tasks import image_classification

    ours = made()
    theirs = image_classification.ImageClassificationTask(ours.task_config).build_model()
    found, known = ([type(layer) for layer in model.layers] for model in (ours.build_model(), theirs))
    assert found == known


def test_without_options_nothing_is_measured_but_both_conversions_are_made() -> None:
    task = made()
    assert (task.conversions(), task.calibrates(), task.train_actions(None, None, "")) == (
        ("float", "int8"),
        True,
        [],
    )
    assert task.properties(None, None) == {}


def test_the_last_technique_says_what_is_converted() -> None:
    task = made(quantization={})
    assert (task.conversions(), task.calibrates()) == (("int8",), False)
