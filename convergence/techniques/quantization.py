"""Quantization-aware training: the model learns with weights and activations rounded to eight bits or fewer.

Jacob et al., "Quantization and Training of Neural Networks" (arXiv:1712.05877).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from official.modeling import hyperparams

from convergence import kernels, layers
from convergence.errors import UserError

CONVERSIONS = ("int8",)
TRAINS_RANGES = True
BITS = 8
LEAST_BITS = 2
FUSED = ("BatchNormalization", "SyncBatchNormalization", "ReLU", "Activation")
UNSUPPORTED = re.compile(r"Layer (?P<layer>[^:\s]+):.* is not supported")  # as quantize_apply says it
STEPS = 2**BITS - 1  # between the ends of a range
INITIAL_RANGE = 6.0  # where TFMOT's moving-average quantizer starts: −6 to 6


@dataclasses.dataclass
class Options(hyperparams.Config):
    """Options of quantization-aware training.

    Attributes:
      bits: width of the weights, 2 to 8; below 8 by Official Models' n-bit scheme.
      activation_bits: width of the activations; TFLite computes with 8.
      layers: names of the layers that are quantized, `block_*` as in a shell; none means all. A convolution
        brings the normalization and activation behind it; weights that are left out stay floats in training,
        and the converter may still store them in 8 bits.
    """

    bits: int = BITS
    activation_bits: int = BITS
    layers: list[str] = dataclasses.field(default_factory=list)


def apply(model: Any, options: Options) -> Any:
    """The model with fake quantization after every chosen layer that TFMOT's scheme covers.

    Raises:
      UserError: quantization-options, no-such-layer, unsupported-layer.
    """
    _check(options)
    return quantized(model, _scheme(options), options.layers)


def quantized(model: Any, scheme: Any, patterns: Sequence[str] = ()) -> Any:
    """The model with a scheme applied to the chosen layers, or to all; None is TFMOT's default scheme.

    Raises:
      UserError: no-such-layer, unsupported-layer.
    """
    import tensorflow_model_optimization as tfmot

    annotate = tfmot.quantization.keras.quantize_annotate_layer
    with scope():
        if patterns:
            annotated = layers.rebuilt(model, sorted(_with_followers(model, patterns)), annotate)
        else:
            annotated = tfmot.quantization.keras.quantize_annotate_model(model)
        try:
            words = {} if scheme is None else {"scheme": scheme}
            return tfmot.quantization.keras.quantize_apply(annotated, **words)
        except layers.REFUSALS as error:
            if refused := UNSUPPORTED.match(str(error)):
                raise layers.unsupported(refused["layer"], "quantize", str(error)) from error
            raise


def scope() -> Any:
    """Where TFMOT, which copies layers through their configs, knows Keras's own regularizer by its name."""
    import tensorflow_model_optimization as tfmot
    import tf_keras

    return tfmot.quantization.keras.quantize_scope({"L2": tf_keras.regularizers.l2})


def train_actions(model: Any, optimizer: Any, options: Options, folder: str) -> Sequence[Any]:
    """Nothing: ranges are updated by the forward pass."""
    return ()


def finish(model: Any, options: Options) -> Any:
    """The model itself: the converter turns its fake quantization into integers."""
    return model


def properties(trained: Any, finished: Any, options: Options) -> Mapping[str, float]:
    """`ranges_moved`: fraction of the activation ranges that differ from their initial ±6."""
    ranges = [(float(low), float(high)) for low, high in _activation_ranges(trained)]
    moved = [abs(low + INITIAL_RANGE) > 1e-6 or abs(high - INITIAL_RANGE) > 1e-6 for low, high in ranges]
    return {"ranges_moved": float(np.mean(moved)) if moved else 0.0}


def deployed(files: Mapping[str, bytes]) -> Mapping[str, float]:
    """What the integer file shows of its ranges and weights.

    `ranges_moved`: fraction of its activations whose scale is not that of ±6. `weight_values`: the most
    values that the integers of one layer's weights have, 255 with 8 bits and 15 with 4.
    `weights_at_range_ends`: fraction of the weights that are cut off; depthwise ones, whose channels share a
    range, are left out.
    """
    from convergence import measure

    if "int8" not in files:
        raise ValueError("training left no int8 file that shows its ranges")
    scales = measure.activation_scales(files["int8"])
    moved = [abs(scale * STEPS - 2 * INITIAL_RANGE) > 1e-5 for scale in scales]
    weights = measure.kernels(files["int8"])
    integers = {name: kernel for name, kernel in weights.items() if kernel.dtype == np.int8}
    ranged = [kernel for name, kernel in integers.items() if kernels.DEPTHWISE not in name]
    return {
        "ranges_moved": float(np.mean(moved)) if moved else 0.0,
        "weight_values": float(kernels.most_values(list(integers.values()), per_channel=False)),
        "weights_at_range_ends": kernels.at_range_ends(ranged),
    }


def _check(options: Options) -> None:
    if not LEAST_BITS <= options.bits <= BITS:
        what = f"{options.bits} bits of a weight are not offered"
        raise UserError("quantization-options", what, hint=f"{LEAST_BITS} to {BITS}")
    if options.activation_bits != BITS:
        what = f"no TFLite file can be made of activations of {options.activation_bits} bits"
        reason = f"its operators compute with {BITS}, whatever training rounded to"
        raise UserError("quantization-options", f"{what}: {reason}", hint=f"activation_bits = {BITS}")


def _scheme(options: Options) -> Any:
    """That of Official Models for fewer bits, on what TFMOT calls experimental; None for TFMOT's default.

    It is applied to plain layers: the n-bit blocks of Official Models 2.20 lack `se_round_down_protect`,
    for which its QAT project fails on a MobileNet.
    """
    if options.bits == BITS:
        return None
    from official.projects.qat.vision.n_bit import schemes

    return schemes.DefaultNBitQuantizeScheme(
        num_bits_weight=options.bits, num_bits_activation=options.activation_bits
    )


def _with_followers(model: Any, patterns: Sequence[str]) -> set[str]:
    """The chosen layers, and what TFMOT fuses with them: normalization and activation right behind."""
    names = set(layers.chosen(model, patterns))
    for layer in model.layers:  # in the order of the graph
        sources = {node.layer.name for node in _sources(layer)}
        if type(layer).__name__ in FUSED and sources and sources <= names:
            names.add(layer.name)
    return names


def _sources(layer: Any) -> list[Any]:
    """The nodes whose outputs a layer of a functional model takes."""
    return [source for node in layer.inbound_nodes for source in node.parent_nodes]


def _activation_ranges(model: Any) -> list[tuple[Any, Any]]:
    weights = {weight.name: weight.numpy() for layer in model.layers for weight in layer.weights}
    lows = {name: value for name, value in weights.items() if "min" in name and np.ndim(value) == 0}
    return [(low, weights[name.replace("min", "max")]) for name, low in lows.items()]
