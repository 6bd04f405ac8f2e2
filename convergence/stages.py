"""One technique after another: the finished model that a stage leaves, and how the next begins with it.

A checkpoint of Official Models holds a model as it was trained, in its wrappers; the next stage wants it
plain.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from convergence.errors import UserError

NAME = "finished"


def keep(finished: Any, folder: Path) -> None:
    """Leaves the weights of a finished model, by the names of its layers, in a trial's folder."""
    _checkpoint(finished).write(str(folder / NAME))


def kept(folder: str) -> bool:
    """Whether the folder has a finished model; one of an uncompressed network has only its checkpoint."""
    return bool(folder) and Path(folder, f"{NAME}.index").exists()


def restore(flattened: Any, folder: str) -> None:
    """Gives a flattened model the weights that a stage left.

    Raises:
      UserError: other-checkpoint, where they are another model's.
    """
    try:
        _checkpoint(flattened).read(str(Path(folder, NAME))).assert_existing_objects_matched()
    except (AssertionError, ValueError) as error:
        hint = "start from a recipe with the same backbone and input size"
        raise UserError(
            "other-checkpoint", _line(error), where=f"{folder}, for {flattened.name}", hint=hint
        ) from error


def _checkpoint(model: Any) -> Any:
    import tensorflow as tf

    return tf.train.Checkpoint(**{layer.name: layer for layer in model.layers if layer.weights})


def _line(error: Exception) -> str:
    return "the checkpoint is another model's: " + str(error).strip().splitlines()[0][:200]
