"""Official Models' experiments in our hands: their data, their starts, what they leave; nothing trains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from convergence import claims
from convergence.errors import UserError

pytestmark = pytest.mark.training

RECIPES = claims.load()


def test_what_is_missing_is_named_before_training(tmp_path: Path) -> None:
    from convergence import official

    recipe = RECIPES["quantization/mobilebert-squad-int8"]
    with pytest.raises(UserError) as refused:
        official.experiment_config(recipe, 1, tmp_path, None)
    names = ("train.tf_record", "dev-v1.1.json", "vocab.txt", "checkpoints/mobilebert_edgetpu_xs_qat/ckpt-1")
    assert refused.value.code == "missing-data"
    assert all(name in refused.value.what for name in names)


SMALL = {
    "task": {
        "model": {
            "num_classes": 10,
            "input_size": [32, 32, 3],
            "backbone": {"mobilenet": {"filter_size_scale": 0.35}},
        },
    },
}


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


def test_what_is_no_classifier_is_judged_as_it_was_trained() -> None:
    from convergence import official

    config = SimpleNamespace(task=SimpleNamespace(quantization=None))
    trained = official.Trained(object(), config, "a detector", (), 0.0)
    assert (trained.conversions(), trained.finished(), trained.properties("")) == ((), "a detector", {})


def test_the_test_set_is_whole_and_read_anew_each_time(data_root: Path) -> None:
    from convergence import official

    batches = official.test_batches(RECIPES["uncompressed/mobilenetv2-digits"], data_root)
    assert batches[0][0].shape == (100, 32, 32, 3)
    assert len(batches) == 5
    first, second = ([labels.tolist() for _, labels in batches] for _ in range(2))
    assert first == second
    assert sum(map(len, first)) == 500
