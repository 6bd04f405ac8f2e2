"""Flattening changes the structure of a network and nothing of what it computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.training

tf_keras = pytest.importorskip("tf_keras")


def official_model(backbone: dict[str, Any], size: int = 32) -> Any:
    """Official Models' classification model with random weights and batch-norm statistics."""
    from official.vision.configs import image_classification as ic
    from official.vision.modeling import factory

    tf_keras.utils.set_random_seed(1)
    config = ic.ImageClassificationModel(num_classes=10, input_size=[size, size, 3])
    config.override({"backbone": backbone}, is_strict=False)
    spec = tf_keras.layers.InputSpec(shape=[None, size, size, 3])
    model = factory.build_classification_model(
        input_specs=spec, model_config=config, l2_regularizer=tf_keras.regularizers.l2(1e-4)
    )
    model(tf_keras.Input((size, size, 3)), training=False)
    model.set_weights(
        [np.random.default_rng(0).uniform(0.1, 0.5, w.shape) * 0.3 for w in model.get_weights()]
    )
    return model


MODELS = {
    "MobileNetV2": {"type": "mobilenet", "mobilenet": {"model_id": "MobileNetV2", "filter_size_scale": 0.35}},
    "MobileNetV1": {"type": "mobilenet", "mobilenet": {"model_id": "MobileNetV1", "filter_size_scale": 0.25}},
    "MobileNetV3Small": {"type": "mobilenet", "mobilenet": {"model_id": "MobileNetV3Small"}},
    "ResNet-18": {"type": "resnet", "resnet": {"model_id": 18}},
    "ResNet-50": {"type": "resnet", "resnet": {"model_id": 50}},
}


@pytest.mark.parametrize("name", MODELS)
def test_outputs_are_equal(name: str) -> None:
    from convergence.flatten import flatten

    model = official_model(MODELS[name])
    flat = flatten(model)
    images = np.random.default_rng(1).normal(size=(4, 32, 32, 3)).astype(np.float32)
    before, after = model(images, training=False).numpy(), flat(images, training=False).numpy()
    assert np.abs(before).max() > 0
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_only_plain_layers_remain(name: str) -> None:
    from convergence.flatten import flatten

    flat = flatten(official_model(MODELS[name]))
    nested = [layer.name for layer in flat.layers if list(layer._flatten_layers(include_self=False))]
    assert nested == []
    assert not any(isinstance(layer, tf_keras.Model) for layer in flat.layers)


def test_stateless_layers_are_not_shared() -> None:
    from convergence.flatten import flatten

    flat = flatten(official_model(MODELS["ResNet-18"]))
    assert [layer.name for layer in flat.layers if len(layer.inbound_nodes) != 1] == []


def test_names_do_not_depend_on_what_was_built_before() -> None:
    from convergence.flatten import flatten

    def names() -> list[str]:
        tf_keras.backend.clear_session()
        return [layer.name for layer in flatten(official_model(MODELS["MobileNetV2"])).layers]

    first = names()
    tf_keras.layers.Conv2D(3, 3)
    assert names() == first
    assert any(name.endswith("_conv0") for name in first)


def test_regularization_losses_are_kept() -> None:
    from convergence.flatten import flatten

    model = official_model(MODELS["MobileNetV2"])
    flat = flatten(model)
    assert float(sum(flat.losses)) == pytest.approx(float(sum(model.losses)), rel=1e-5)


def test_linear_activations_are_dropped_and_relus_are_relu_layers() -> None:
    from convergence.flatten import flatten

    inputs = tf_keras.Input((4,))
    x = tf_keras.layers.Dense(3)(inputs)
    x = tf_keras.layers.Activation("linear")(x)
    x = tf_keras.layers.Activation("relu")(x)
    flat = flatten(tf_keras.Model(inputs, x))
    assert [type(layer).__name__ for layer in flat.layers] == ["InputLayer", "Dense", "ReLU"]


def test_a_layer_with_weights_called_twice_stays_one_layer() -> None:
    from convergence.flatten import flatten

    shared = tf_keras.layers.Dense(4)
    inputs = tf_keras.Input((4,))
    model = tf_keras.Model(inputs, shared(shared(inputs)))
    flat = flatten(model)
    x = np.ones((2, 4), np.float32)
    np.testing.assert_allclose(flat(x), model(x), rtol=1e-6)
    assert len(flat.weights) == 2


@pytest.mark.parametrize("name", ["MobileNetV1", "ResNet-18", "ResNet-50"])
def test_shortcuts_and_activations_written_as_operators_become_layers(name: str) -> None:
    from convergence.flatten import flatten

    flat = flatten(official_model(MODELS[name]))
    assert [layer.name for layer in flat.layers if type(layer).__name__ == "TFOpLambda"] == []
