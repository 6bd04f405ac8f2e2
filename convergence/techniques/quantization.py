"""Quantization-aware training: the model learns with weights and activations rounded to eight bits.

Jacob et al., "Quantization and Training of Neural Networks" (arXiv:1712.05877).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from official.modeling import hyperparams

from convergence.model import UserError

CONVERSIONS = ("int8",)
TRAINS_RANGES = True
BITS = 8
STEPS = 2**BITS - 1  # between the ends of a range
INITIAL_RANGE = 6.0  # where TFMOT's moving-average quantizer starts: −6 to 6


@dataclasses.dataclass
class Options(hyperparams.Config):
    """Options of quantization-aware training.

    Attributes:
      bits: width of weights and activations; TFMOT's default scheme has 8.
    """

    bits: int = BITS


def apply(model: Any, options: Options) -> Any:
    """The model with fake quantization after every layer that TFMOT's default 8-bit scheme covers.

    Raises:
      UserError: quantization-options.
    """
    import tensorflow_model_optimization as tfmot

    if options.bits != BITS:
        raise UserError(
            "quantization-options",
            f"{options.bits} bits are not offered",
            hint=f"TFMOT's default scheme has {BITS}",
        )
    with scope():
        return tfmot.quantization.keras.quantize_model(model)


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
    """`ranges_moved`: fraction of the integer file's activations whose scale is not that of ±6."""
    from convergence import measure

    if "int8" not in files:
        raise ValueError("training left no int8 file that shows its ranges")
    scales = measure.activation_scales(files["int8"])
    moved = [abs(scale * STEPS - 2 * INITIAL_RANGE) > 1e-5 for scale in scales]
    return {"ranges_moved": float(np.mean(moved)) if moved else 0.0}


def _activation_ranges(model: Any) -> list[tuple[Any, Any]]:
    weights = {weight.name: weight.numpy() for layer in model.layers for weight in layer.weights}
    lows = {name: value for name, value in weights.items() if "min" in name and np.ndim(value) == 0}
    return [(low, weights[name.replace("min", "max")]) for name, low in lows.items()]
