"""Which layers of a model a technique touches: chosen by name, and wrapped one by one."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Sequence
from typing import Any

from convergence.model import UserError

Layer = Any
Model = Any


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
