"""What a failed training means to a person: which file is damaged or another model's, which batch to try."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from convergence.errors import UserError, one_line
from convergence.model import Recipe
from convergence.trial import InfrastructureError

READING = ("DataLossError", "OutOfRangeError")  # of TensorFlow: a file that is cut off, one that is empty
EXHAUSTED = ("MemoryError", "ResourceExhaustedError", "InternalError")
SHORT_OF_MEMORY = ("oom when allocating", "out of memory", "ran out of memory", "cuda_error_out_of_memory")
NOT_RESTORED = (  # how TensorFlow says that a checkpoint does not fit a model
    "not assigned a value from checkpoint",
    "not bound to checkpointed values",
    "when attempting to restore variable",
)
PARAMS = "params.yaml"  # the resolved experiment, as Official Models leaves it before it trains
TUPLE = "tag:yaml.org,2002:python/tuple"  # as Official Models writes one
TFDS_FOLDERS = ("", "*/", "*/*/")  # of versions and configurations below that of a data set
TRAINING, TESTING = "train_data", "validation_data"


def explain(failure: Exception, recipe: Recipe, data_root: Path, part: str = TRAINING) -> None:
    """Raises what a person can do about a failure, and nothing where no more is known of it.

    Args:
      part: whose batches were in memory, training's or testing's.

    Raises:
      UserError: damaged-data, naming each file that cannot be read to its end; other-checkpoint.
      InfrastructureError: out of memory, with a batch to try.
    """
    if type(failure).__name__ in READING:
        _require_readable(recipe, data_root)
    if any(words in str(failure) for words in NOT_RESTORED):
        raise _other_checkpoint(failure, recipe, data_root) from failure
    if exhausted(failure):
        batch = getattr(_config(recipe, data_root).task, part).global_batch_size
        said = f"out of memory {batch_to_try(batch, f'task.{part}.global_batch_size')}"
        raise InfrastructureError(f"{said}; {_reason(failure)}") from failure


def exhausted(failure: BaseException) -> bool:
    """Whether memory ran out, of the machine or of a GPU; TensorFlow reports some of that as internal."""
    name = type(failure).__name__
    text = str(failure).lower()
    return name in EXHAUSTED and (name != "InternalError" or any(words in text for words in SHORT_OF_MEMORY))


def batch_to_try(batch: int, option: str = "task.train_data.global_batch_size") -> str:
    """What to do about a batch that does not fit: nobody has tried the half of it."""
    if batch > 1:
        return f"with a batch of {batch}: try {batch // 2} ({option})"
    return "with a batch of 1: nothing smaller is left, use a machine with more memory"


def noted_batch(folder: Path) -> int | None:
    """The batch of the training that a folder is of, as its experiment says; None where it does not."""
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        """Of plain values, and of tuples."""

    Loader.add_constructor(TUPLE, yaml.SafeLoader.construct_sequence)
    try:
        params = Loader((folder / PARAMS).read_text(encoding="utf-8")).get_single_data()
        return int(params["task"]["train_data"]["global_batch_size"])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        return None


def _require_readable(recipe: Recipe, data_root: Path) -> None:
    found = [fault for path in _files(recipe, data_root) if (fault := _fault(path))]
    if found:
        made = f"delete {data_root / recipe.data} to have it made anew"
        hint = made if recipe.data else "fetch it again, and compare its size or checksum with its source's"
        raise UserError("damaged-data", ", ".join(found), where=recipe.id, hint=hint)


def _other_checkpoint(failure: Exception, recipe: Recipe, data_root: Path) -> UserError:
    given = recipe.start or getattr(_config(recipe, data_root).task, "init_checkpoint", "")
    said = next(line for line in str(failure).splitlines() if any(words in line for words in NOT_RESTORED))
    what = f"the checkpoint of {given} is another model's: {said[:200]}"
    hint = "start from a recipe, or a checkpoint, with the same backbone and input size"
    return UserError("other-checkpoint", what, where=recipe.id, hint=hint)


def _files(recipe: Recipe, data_root: Path) -> Iterator[str]:
    """The TFRecord files that an experiment reads."""
    from tensorflow.io import gfile

    from convergence import needs

    for need in needs.of(_config(recipe, data_root)):
        if need.kind == needs.DATA:
            yield from sorted(gfile.glob(need.path))
        elif need.kind == needs.DATA_SET:
            yield from _sorted(gfile.glob(f"{need.path}/{folder}*.tfrecord*") for folder in TFDS_FOLDERS)


def _fault(path: str) -> str:
    """What is wrong with a TFRecord file: it is read to its end, and its checksums are checked."""
    import tensorflow as tf

    whole = 0
    try:
        for _ in tf.data.TFRecordDataset(path):
            whole += 1
    except tf.errors.OpError:
        return f"{path} is damaged behind its record {whole}"
    return "" if whole else f"{path} holds no record"


def _config(recipe: Recipe, data_root: Path) -> Any:
    from convergence import official

    return official.experiment_config(recipe, 0, data_root, None, whole=False)


def _reason(failure: BaseException) -> str:
    """The line of TensorFlow's many that says what did not fit."""
    lines = [line.strip() for line in str(failure).splitlines() if line.strip()]
    telling = next((line for line in lines if any(words in line.lower() for words in SHORT_OF_MEMORY)), "")
    return one_line(f"{type(failure).__name__}: {telling or next(iter(lines), '')}")[:500]


def _sorted(globs: Iterable[list[str]]) -> list[str]:
    return sorted(path for found in globs for path in found)
