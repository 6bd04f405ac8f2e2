# SPDX-License-Identifier: Apache-2.0
"""Makes an Official Models network plain: composite blocks and nested models become one functional model.

TFMOT wraps plain Keras layers only: it refuses layers made of layers and models inside models. Flattening
replays the network's graph leaf by leaf; the function computed stays the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tf_keras

Layer = Any
Tensor = Any

RELU_OPERATORS = {"nn.relu": None, "nn.relu6": 6.0}
TO_TENSOR = "convert_to_tensor"  # what MobileNetV1 does before each ReLU6, to what is a tensor already
SUMS = ("math.add", "__operators__.add")
RELU_CEILINGS = {"relu": None, "relu6": 6.0}


def flatten(model: tf_keras.Model) -> tf_keras.Model:
    """Returns a functional model of plain layers with the same inputs, outputs and weights.

    Layers are named after the block and the attribute that held them (`block_0_conv0`), so that the names
    do not depend on what was built before in the process. Linear activations are dropped and ReLU
    activations become ReLU layers. A layer without weights that was called twice becomes two layers,
    because TFMOT refuses shared ones.

    Args:
      model: a built functional model with one or more inputs.
    """
    inputs = [tf_keras.Input(batch_size=t.shape[0], shape=t.shape[1:], dtype=t.dtype) for t in model.inputs]
    leaves = _Leaves()
    outputs = _replay(model, inputs, leaves, prefix="")
    flat = tf_keras.Model(inputs=inputs, outputs=outputs, name=model.name)
    leaves.copy_weights()
    return flat


class _Leaves:
    """The plain layers made so far: their unique names and where their weights come from."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._clones: dict[int, tuple[Layer, Layer]] = {}

    def call(self, layer: Layer, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Calls a copy of `layer`; the copy is shared between calls only if it has weights."""
        if _is_linear(layer):
            return args[0]
        if _is_sum(layer, args):
            return tf_keras.layers.Add(name=self._unique(name))(list(args))
        if _operator(layer) in RELU_OPERATORS:
            return tf_keras.layers.ReLU(RELU_OPERATORS[_operator(layer)], name=self._unique(name))(args[0])
        if layer.weights and id(layer) in self._clones:
            return self._clones[id(layer)][1](*args, **kwargs)
        clone = _plain(layer, self._unique(name))
        if layer.weights:
            self._clones[id(layer)] = (layer, clone)
        return clone(*args, **kwargs)

    def copy_weights(self) -> None:
        """Gives every copy the weights of its original."""
        for layer, clone in self._clones.values():
            clone.set_weights(layer.get_weights())

    def _unique(self, name: str) -> str:
        count = self._names[name] = self._names.get(name, 0) + 1
        return name if count == 1 else f"{name}_{count}"


def _replay(network: tf_keras.Model, inputs: Sequence[Tensor], leaves: _Leaves, prefix: str) -> Any:
    """Runs the network's graph on other symbolic tensors, leaf by leaf."""
    tensors: dict[str, list[Tensor]] = {}

    def bind(olds: Any, news: Any) -> None:
        for old, new in zip(_flat(olds), _flat(news), strict=True):
            # Keras pops one entry for each consumer of the tensor.
            tensors[str(id(old))] = [new] * (network._tensor_usage_count[str(id(old))] + 1)

    bind(network.inputs, inputs)
    for depth in sorted(network._nodes_by_depth, reverse=True):
        for node in network._nodes_by_depth[depth]:
            if not node.is_input:
                args, kwargs = node.map_arguments(tensors)
                bind(node.outputs, _apply(node.layer, args, kwargs, leaves, prefix))
    return _structure(network._nested_outputs, lambda t: tensors[str(id(t))][0])


def _apply(layer: Layer, args: Sequence[Any], kwargs: dict[str, Any], leaves: _Leaves, prefix: str) -> Any:
    """Calls a leaf, or replays what a nested model or composite layer is made of."""
    if isinstance(layer, tf_keras.Model):
        return _replay(layer, _flat(args[0]), leaves, prefix)
    if _is_composite(layer):
        return _replay(_inside(layer, args[0]), _flat(args[0]), leaves, f"{prefix}{layer.name}_")
    name = getattr(layer, "_attribute_name", "") or _operator(layer).rpartition(".")[2] or layer.name
    return leaves.call(layer, prefix + name, args, kwargs)


def _inside(layer: Layer, example: Any) -> tf_keras.Model:
    """The composite layer's body as a functional model over inputs shaped like `example`."""
    for attribute, value in vars(layer).items():
        for sublayer in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(sublayer, tf_keras.layers.Layer):
                sublayer._attribute_name = attribute.strip("_")
    body_inputs = _structure(example, lambda t: tf_keras.Input(batch_size=t.shape[0], shape=t.shape[1:]))
    return tf_keras.Model(inputs=body_inputs, outputs=layer.call(body_inputs))


def _is_composite(layer: Layer) -> bool:
    wraps = isinstance(layer, tf_keras.layers.Wrapper)
    return not wraps and any(True for _ in layer._flatten_layers(include_self=False))


def _is_linear(layer: Layer) -> bool:
    """Whether the layer hands on what it is given."""
    return _operator(layer) == TO_TENSOR or (
        isinstance(layer, tf_keras.layers.Activation) and _activation(layer) == "linear"
    )


def _operator(layer: Layer) -> str:
    """The TensorFlow operator that Keras made a layer of, as `nn.relu`; empty for other layers."""
    return str(getattr(layer, "symbol", ""))


def _is_sum(layer: Layer, args: Sequence[Any]) -> bool:
    """A shortcut written as `x + y`: TFMOT knows the layer Add, not the operator."""
    return _operator(layer) in SUMS and len(args) == 2 and args[0].shape == args[1].shape


def _plain(layer: Layer, name: str) -> Layer:
    """A fresh copy of a leaf; ReLU activations become the ReLU layer that TFMOT's patterns know."""
    if isinstance(layer, tf_keras.layers.Activation) and _activation(layer) in RELU_CEILINGS:
        return tf_keras.layers.ReLU(RELU_CEILINGS[_activation(layer)], name=name)
    return layer.__class__.from_config({**layer.get_config(), "name": name})


def _activation(layer: Layer) -> str:
    return str(getattr(layer.activation, "__name__", layer.activation))


def _flat(nested: Any) -> list[Any]:
    import tensorflow as tf

    return list(tf.nest.flatten(nested))


def _structure(nested: Any, function: Callable[[Any], Any]) -> Any:
    import tensorflow as tf

    return tf.nest.map_structure(function, nested)
