"""The techniques, one file each: options, apply, training actions, finish, and the properties that must hold.

A technique is a module of this package with the members of `Technique`. Nothing outside its file knows it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from convergence import members
from convergence.errors import UserError


class Technique(Protocol):
    """What a technique's module offers.

    TFMOT is imported inside these functions only, so that it is loaded only when the options are used.
    """

    Options: type[Any]
    CONVERSIONS: Sequence[str]
    TRAINS_RANGES: bool

    def apply(self, model: Any, options: Any) -> Any:
        """A trainable model with the technique applied to a flattened model."""
        ...

    def train_actions(self, model: Any, optimizer: Any, options: Any, folder: str) -> Sequence[Any]:
        """What Official Models' controller calls after every training loop."""
        ...

    def finish(self, model: Any, options: Any) -> Any:
        """The model to deploy, stripped of what only training needs."""
        ...

    def properties(self, trained: Any, finished: Any, options: Any) -> Mapping[str, float]:
        """Figures that must hold whatever the accuracy is, by metric name."""
        ...

    def deployed(self, files: Mapping[str, bytes]) -> Mapping[str, float]:
        """Those of the properties that the TFLite files, by conversion, show themselves."""
        ...


def names() -> list[str]:
    """Names of the techniques that there are."""
    return members.names(__name__)


def load(name: str) -> Technique:
    """The technique called `name`.

    Raises:
      UserError: unknown-technique.
    """
    if name not in names():
        raise UserError("unknown-technique", f'no technique "{name}"', hint=f"known: {', '.join(names())}")
    return cast("Technique", members.load(__name__, name))


@functools.cache
def grouped_config() -> type[Any]:
    """`ModelOptimizationConfig`: one optional field a technique, in alphabetical order, each None."""
    from official.modeling import hyperparams

    fields = [(name, load(name).Options | None, dataclasses.field(default=None)) for name in names()]
    config = dataclasses.make_dataclass("ModelOptimizationConfig", fields, bases=(hyperparams.Config,))
    config.__module__ = __name__
    config.__doc__ = "Every model-optimization option, grouped; a technique is off while its field is None."
    return config


def active(config: Any) -> list[tuple[Technique, Any]]:
    """The technique that `config` switches on, with its options; none, or one: each is a stage of its own.

    Raises:
      UserError: contradictory-options, for several at once.
    """
    if config is None:
        return []
    found = [name for name in names() if getattr(config, name) is not None]
    if len(found) > 1:
        hint = "one technique a stage: let the second's recipe start from the first's"
        raise UserError("contradictory-options", f"{' and '.join(found)} are set at once", hint=hint)
    return [(load(name), getattr(config, name)) for name in found]
