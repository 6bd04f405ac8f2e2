"""Which layers of a model a technique touches: chosen by name, wrapped one by one, or refused by name."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from convergence.errors import UserError, one_line

Layer = Any
Model = Any
LEAVE_OUT = "choose others with `layers`"
REFUSALS = (ValueError, RuntimeError)  # how TFMOT refuses a layer


def chosen(model: Model, patterns: Sequence[str]) -> frozenset[str]:
    """Names of the model's layers that any of the patterns matches, `block_*` as in a shell.

    Raises:
      UserError: no-such-layer, for a pattern that matches nothing.
    """
    names = [layer.name for layer in model.layers]
    found: set[str] = set()
    for pattern in patterns:
        matching = fnmatch.filter(names, pattern)
        if not matching:
            weighted = [layer.name for layer in model.layers if layer.weights]
            hint = f"layers with weights: {', '.join(weighted[:12])}{' …' * (len(weighted) > 12)}"
            raise UserError("no-such-layer", f'no layer is called "{pattern}"', where=model.name, hint=hint)
        found.update(matching)
    return frozenset(found)


def rebuilt(model: Model, patterns: Sequence[str], wrap: Callable[[Layer], Layer]) -> Model:
    """A copy of a functional model with the same weights in which the chosen layers are wrapped.

    Raises:
      UserError: no-such-layer.
    """
    import tf_keras

    names = chosen(model, patterns)
    copied = tf_keras.models.clone_model(
        model, clone_function=lambda layer: layer.__class__.from_config(layer.get_config())
    )
    copied.set_weights(model.get_weights())
    return tf_keras.models.clone_model(
        copied, clone_function=lambda layer: wrap(layer) if layer.name in names else layer
    )


@contextmanager
def naming(
    model: Model, patterns: Sequence[str], verb: str, wrap: Callable[[Layer], Layer]
) -> Iterator[None]:
    """While it lasts, what TFMOT refuses is searched for the layers that it refuses.

    Where none of the layers is accepted by itself the options are at fault, and TFMOT's error stays as it is.

    Args:
      patterns: the names chosen; none means all.
      verb: what TFMOT does with a layer.

    Raises:
      UserError: unsupported-layer, with TFMOT's reason.
    """
    try:
        yield
    except REFUSALS as error:
        names = chosen(model, patterns)
        asked = [one for one in model.layers if one.name in names or not (patterns or _is_input(one))]
        reasons = {layer.name: reason for layer in asked if (reason := _reason(layer, wrap))}
        if not reasons or len(reasons) == len(asked) > 1:
            raise
        name, reason = next(iter(reasons.items()))
        raise unsupported(name, verb, reason) from error


def _is_input(layer: Layer) -> bool:
    return type(layer).__name__ == "InputLayer"


def unsupported(name: str, verb: str, reason: str) -> UserError:
    """The error for a layer that TFMOT refuses, in its words."""
    what = f"TFMOT does not {verb} {name}: {one_line(reason)}"
    return UserError("unsupported-layer", what, hint=LEAVE_OUT)


def _reason(layer: Layer, wrap: Callable[[Layer], Layer]) -> str:
    """Why TFMOT refuses the layer alone, or nothing: also where the layer cannot be copied to find out."""
    try:
        copied = layer.__class__.from_config(layer.get_config())
        if layer.weights:
            copied.build(layer.input_shape)  # some are refused for their weights
    except Exception:
        return ""
    try:
        wrap(copied)
    except REFUSALS as error:
        return str(error)
    return ""
