"""Quantization-aware training, for real: ranges move, the integer file is what was trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from convergence.errors import UserError
from convergence.results import TrialResult

pytestmark = pytest.mark.training


def test_ranges_move_and_the_integer_file_agrees(
    optimized: Callable[..., TrialResult], uncompressed: TrialResult
) -> None:
    result = optimized("quantization")
    assert result.error is None
    assert result.metrics["ranges_moved"] == 1.0
    assert result.metrics["tflite_int8_accuracy"] == pytest.approx(result.metrics["accuracy"], abs=0.02)
    assert result.metrics["tflite_int8_bytes"] < 0.5 * uncompressed.metrics["tflite_float_bytes"]


def test_no_weight_needs_more_than_eight_bits(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("quantization")
    assert max(row["unique_weights"] for row in result.layers.values()) <= 255


def test_weights_of_four_bits_have_fifteen_values(optimized: Callable[..., TrialResult]) -> None:
    """By Official Models' scheme, in the file that is deployed; with eight bits there are many more."""
    result = optimized("quantization", bits=4)
    assert result.error is None
    assert result.metrics["weight_values"] == 15
    assert optimized("quantization").metrics["weight_values"] > 200
    assert result.metrics["ranges_moved"] == 1.0
    assert result.metrics["tflite_int8_integer_operators"] == 1.0
    assert result.metrics["tflite_int8_accuracy"] == pytest.approx(result.metrics["accuracy"], abs=0.02)


def test_only_the_chosen_layers_are_quantized(optimized: Callable[..., TrialResult]) -> None:
    result = optimized("quantization", layers=["residual_block_*conv1"])
    assert result.error is None
    assert result.metrics["ranges_moved"] == 1.0
    assert 0.0 < result.metrics["tflite_int8_integer_operators"] < 1.0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bits": 1}, "quantization-options.*1 bits of a weight are not offered; 2 to 8"),
        ({"bits": 16}, "quantization-options.*16 bits of a weight are not offered; 2 to 8"),
        ({"activation_bits": 4}, "no TFLite file can be made of activations of 4 bits.*activation_bits = 8"),
        ({"layers": ["head"]}, 'no-such-layer.*no layer is called "head"'),
    ],
)
def test_bad_options_are_named(
    optimized: Callable[..., TrialResult], options: dict[str, object], said: str
) -> None:
    with pytest.raises(Exception, match=said):
        optimized("quantization", **options)


def network(*more: Any) -> Any:
    """A convolution with its normalization and activation, another without, and what is given, in a row."""
    import tf_keras

    layers = [
        tf_keras.layers.Conv2D(4, 3, name="first"),
        tf_keras.layers.BatchNormalization(name="norm"),
        tf_keras.layers.ReLU(name="relu"),
        tf_keras.layers.Conv2D(4, 3, name="second"),
        *more,
    ]
    inputs = outputs = tf_keras.Input((8, 8, 3), name="images")
    for layer in layers:
        outputs = layer(outputs)
    return tf_keras.Model(inputs, outputs, name="network")


def test_a_chosen_convolution_brings_what_is_fused_with_it() -> None:
    from convergence.techniques import quantization

    made = quantization.apply(network(), quantization.Options(layers=["first"]))
    assert [layer.name for layer in made.layers if layer.name.startswith("quant_")] == [
        "quant_first",
        "quant_norm",
        "quant_relu",
    ]


def test_a_layer_that_tfmot_does_not_quantize_is_named_with_its_reason() -> None:
    import tf_keras

    from convergence.techniques import quantization

    class Odd(tf_keras.layers.Layer):  # type: ignore[misc]
        """A layer that TFMOT has never heard of."""

        def call(self, inputs: Any) -> Any:
            return inputs * 2

    with tf_keras.utils.custom_object_scope({"Odd": Odd}):
        model = network(Odd(name="odd"))
        with pytest.raises(
            UserError, match=r"unsupported-layer.*TFMOT does not quantize odd: .*choose others"
        ):
            quantization.apply(model, quantization.Options())
        quantization.apply(model, quantization.Options(layers=["first", "second"]))
