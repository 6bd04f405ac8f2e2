"""Layers chosen by name, and the one that TFMOT refuses named with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from convergence import layers
from convergence.errors import UserError

pytestmark = pytest.mark.training

tf_keras = pytest.importorskip("tf_keras")


class Odd(tf_keras.layers.Layer):  # type: ignore[misc]
    """A layer with weights that TFMOT has never heard of."""

    def build(self, shape: Any) -> None:
        self.kernel = self.add_weight("kernel", shape=(int(shape[-1]),))

    def call(self, inputs: Any) -> Any:
        return inputs * self.kernel


def network() -> Any:
    inputs = tf_keras.Input((4,), name="inputs")
    hidden = tf_keras.layers.Dense(32, name="hidden")(inputs)
    odd = Odd(name="odd")(hidden)
    return tf_keras.Model(inputs, tf_keras.layers.Dense(32, name="head")(odd), name="network")


@pytest.mark.parametrize(
    ("patterns", "names"),
    [(["h*"], {"hidden", "head"}), (["odd", "head"], {"odd", "head"}), ([], set())],
)
def test_layers_are_chosen_as_in_a_shell(patterns: list[str], names: set[str]) -> None:
    assert layers.chosen(network(), patterns) == names


def test_a_pattern_that_matches_nothing_is_refused_with_what_would() -> None:
    with pytest.raises(UserError) as refused:
        layers.chosen(network(), ["hed"])
    assert str(refused.value) == (
        'error[no-such-layer]: no layer is called "hed"; network; layers with weights: hidden, odd, head'
    )


@pytest.mark.parametrize("technique", ["pruning", "clustering"])
@pytest.mark.parametrize("chosen", [[], ["odd", "head"]])
def test_a_layer_that_tfmot_refuses_is_named_with_its_reason(technique: str, chosen: list[str]) -> None:
    from convergence import techniques

    module = techniques.load(technique)
    with pytest.raises(UserError) as refused:
        module.apply(network(), module.Options(layers=chosen))
    verb, class_ = {"pruning": ("prune", "Prune"), "clustering": ("cluster", "Cluster")}[technique]
    said = str(refused.value)
    assert said.startswith(
        f"error[unsupported-layer]: TFMOT does not {verb} odd: Please initialize `{class_}` with a supported"
    )
    assert said.endswith("; choose others with `layers`")


def test_layers_that_are_left_out_are_not_refused() -> None:
    from convergence.techniques import pruning

    with tf_keras.utils.custom_object_scope({"Odd": Odd}):
        made = pruning.apply(network(), pruning.Options(layers=["h*"]))
    assert [layer.name for layer in made.layers if layer.name.startswith("prune_")] == [
        "prune_low_magnitude_hidden",
        "prune_low_magnitude_head",
    ]


def wrap(layer: Any) -> Any:
    if layer.units > 2:
        raise ValueError(f"too many: {layer.units}")
    return layer


@pytest.mark.parametrize(
    ("units", "raised"),
    [
        ((1, 3), UserError("unsupported-layer", "TFMOT does not fold b: too many: 3", hint=layers.LEAVE_OUT)),
        ((3, 4), ValueError("options")),  # all are refused: no layer is at fault
        ((1, 2), ValueError("options")),  # none is
    ],
)
def test_a_layer_is_at_fault_where_others_are_not(units: tuple[int, int], raised: Exception) -> None:
    inputs = tf_keras.Input((4,))
    first = tf_keras.layers.Dense(units[0], name="a")(inputs)
    model = tf_keras.Model(inputs, tf_keras.layers.Dense(units[1], name="b")(first))
    with (
        pytest.raises(type(raised)) as caught,
        layers.naming(model, ["a", "b"], "fold", wrap),
    ):
        raise ValueError("options")
    assert str(caught.value) == str(raised)
