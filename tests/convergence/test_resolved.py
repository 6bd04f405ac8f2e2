"""Full recipes as Official Models resolves them: each builds its experiment, without data or training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from convergence import claims, records, resolved
from convergence.model import Recipe, UserError
from convergence.needs import Need
from convergence.resolved import Experiment, Experiments

RECIPES = claims.load()
RUNNABLE = [r for r in RECIPES.values() if r.tier == "full" and not r.not_runnable]
ONE = Experiment("t/r", "e", "m", 100, 64, 10, "mirrored", "float32", (Need("data", "/d/*", there=False),))


def test_what_was_resolved_survives_its_file(tmp_path: Path) -> None:
    records.write(tmp_path / "experiments.json", Experiments((ONE,)))
    assert records.read(tmp_path / "experiments.json", Experiments) == Experiments((ONE,))


@pytest.mark.training
@pytest.mark.parametrize("recipe", RUNNABLE, ids=lambda recipe: recipe.id)
def test_every_full_recipe_is_an_experiment_of_official_models(recipe: Recipe) -> None:
    (found,) = resolved.examine([recipe], Path("/nowhere")).experiments
    assert (found.recipe, found.name) == (recipe.id, recipe.experiment)
    trainer: Any = recipe.overrides.get("trainer", {})
    assert found.steps == trainer.get("train_steps", found.steps) > found.interval > 0
    assert found.needs
    assert not any(need.there for need in found.needs)
    assert all(need.path.startswith("/nowhere/") for need in found.needs)


@pytest.mark.training
def test_what_is_missing_is_named_before_training(tmp_path: Path) -> None:
    from convergence import official

    recipe = RECIPES["quantization/mobilebert-squad-int8"]
    with pytest.raises(UserError) as refused:
        official.experiment_config(recipe, 1, tmp_path, None)
    names = ("train.tf_record", "dev-v1.1.json", "vocab.txt", "checkpoints/mobilebert_edgetpu_xs_qat/ckpt-1")
    assert refused.value.code == "missing-data"
    assert all(name in refused.value.what for name in names)


@pytest.mark.training
def test_resolving_makes_no_data(tmp_path: Path) -> None:
    (found,) = resolved.examine([RECIPES["uncompressed/mobilenetv2-digits"]], tmp_path).experiments
    assert (found.steps, found.batch, found.needs) == (450, 64, ())
    assert list(tmp_path.iterdir()) == []


SMALL = {
    "task": {
        "model": {
            "num_classes": 10,
            "input_size": [32, 32, 3],
            "backbone": {"mobilenet": {"filter_size_scale": 0.35}},
        },
    },
}


@pytest.mark.training
def test_official_models_own_quantization_starts_from_the_float_network(tmp_path: Path) -> None:
    import numpy as np
    import tensorflow as tf
    from official.core import task_factory

    from convergence import measure, official

    start, quantized = (
        replace(RECIPES[name], overrides=SMALL)
        for name in ("uncompressed/mobilenetv2-imagenet", "quantization/mobilenetv2-imagenet-int8")
    )
    config = official.experiment_config(start, 1, tmp_path, None, whole=False)
    model = task_factory.get_task(config.task).build_model()
    tf.train.Checkpoint(model=model, **model.checkpoint_items).save(str(tmp_path / "start" / "ckpt"))
    config = official.experiment_config(quantized, 1, tmp_path, tmp_path / "start", whole=False)
    assert config.task.quantization.pretrained_original_checkpoint == str(tmp_path / "start" / "ckpt-1")
    assert not config.task.init_checkpoint
    task = task_factory.get_task(config.task)
    trained = official.Trained(task, config, task.build_model(), (), 0.0)
    kernel = next(w for w in trained.model.weights if "conv2dbn_block" in w.name and "kernel" in w.name)
    like = [w for w in model.weights if w.shape == kernel.shape]
    assert any(np.array_equal(kernel.numpy(), other.numpy()) for other in like)
    assert (trained.conversions(), trained.calibration()) == (("int8",), None)
    assert measure.integer_operators(measure.convert(trained.finished(), "int8", None)) == 1.0


@pytest.mark.training
def test_what_is_no_classifier_is_judged_as_it_was_trained() -> None:
    from convergence import official

    config = SimpleNamespace(task=SimpleNamespace(quantization=None))
    trained = official.Trained(object(), config, "a detector", (), 0.0)
    assert (trained.conversions(), trained.finished(), trained.properties("")) == ((), "a detector", {})
