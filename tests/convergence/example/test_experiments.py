"""A user runs the experiments by name, and they differ from Official Models' in the grouped config only."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.training

pytest.importorskip("official")


@pytest.mark.parametrize("name", ["mobilenet_imagenet", "resnet_imagenet"])
def test_an_experiment_is_official_models_own_with_one_field_more(name: str) -> None:
    from official.core import exp_factory
    from official.vision import registry_imports  # noqa: F401 - registers

    from convergence.example import experiments  # noqa: F401 - registers

    ours, theirs = (exp_factory.get_exp_config(one).as_dict() for one in (f"{name}_mot", name))
    assert ours["task"].pop("model_optimization", "missing") is None
    assert ours == theirs


def test_the_one_on_digits_runs_without_a_gpu() -> None:
    from official.core import exp_factory

    from convergence.example import experiments

    made = exp_factory.get_exp_config("mobilenet_digits_mot")
    assert (made.runtime.num_gpus, made.trainer.train_steps) == (0, experiments.DIGITS_STEPS)
    assert made.task.train_data.global_batch_size == experiments.DIGITS_BATCH
    assert made.task.model_optimization is None
