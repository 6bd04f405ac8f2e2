"""Post-training quantization: the reference column, what quantization costs without any training.

Nothing is trained and TFMOT takes no part: the uncompressed model is converted with dynamic ranges, with
float16 weights, and to integers with ranges from training images.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from official.modeling import hyperparams

CONVERSIONS = ("float", "dynamic", "float16", "int8")
TRAINS_RANGES = False


@dataclasses.dataclass
class Options(hyperparams.Config):
    """There are none: a recipe names the technique with an empty table, and trains 0 steps."""


def apply(model: Any, options: Options) -> Any:
    """The model as it is."""
    return model


def train_actions(model: Any, optimizer: Any, options: Options, folder: str) -> Sequence[Any]:
    """Nothing."""
    return ()


def finish(model: Any, options: Options) -> Any:
    """The model as it is: the converter quantizes."""
    return model


def properties(trained: Any, finished: Any, options: Options) -> Mapping[str, float]:
    """None that the files do not show."""
    return {}


def deployed(files: Mapping[str, bytes]) -> Mapping[str, float]:
    """None but those that are measured of every file."""
    return {}
