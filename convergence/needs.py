"""What an experiment reads from a machine (data, checkpoints, files), and what of it is missing there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from convergence.errors import UserError
from convergence.model import STRICT

TFDS = "tfds"  # folder of TensorFlow Datasets below that of the data
REMOTE = "://"
DATA, DATA_SET = "data", "TFDS data set"  # kinds of needs


@dataclass(frozen=True)
class Need:
    """Something that an experiment reads.

    Attributes:
      kind: `data`, `TFDS data set`, `checkpoint` or `file`.
      path: where it must be; a pattern for data.
    """

    __pydantic_config__: ClassVar = STRICT

    kind: str
    path: str
    there: bool


def place(config: Any, root: Path) -> None:
    """Makes every relative path of an experiment one below `root`; others stay themselves."""
    task = config.task
    for part in _parts(config):
        for name in ("input_path", "vocab_file"):
            _set_below(part, name, root)
        if getattr(part, "tfds_name", "") and not part.tfds_data_dir:
            part.tfds_data_dir = str(root / TFDS)
    for name in ("init_checkpoint", "annotation_file"):
        _set_below(task, name, root)
    if getattr(task, "quantization", None) is not None:
        _set_below(task.quantization, "pretrained_original_checkpoint", root)


def of(config: Any) -> list[Need]:
    """All that a placed experiment reads, each once, with whether it is there."""
    return [Need(kind, path, _is_there(kind, path)) for kind, path in dict.fromkeys(_all(config))]


def require(needs: Iterable[Need], where: str) -> None:
    """Refuses an experiment that something is missing for.

    Raises:
      UserError: missing-data, naming each missing thing.
    """
    missing = dict.fromkeys(f"no {need.kind} {need.path}" for need in needs if not need.there)
    if missing:
        hint = "put it there, or name the folder of the data with --data"
        raise UserError("missing-data", ", ".join(missing), where=where, hint=hint)


def _all(config: Any) -> Iterator[tuple[str, str]]:
    task = config.task
    for part in _parts(config):
        if getattr(part, "tfds_name", ""):
            yield DATA_SET, os.path.join(part.tfds_data_dir, part.tfds_name)  # noqa: PTH118 - may be remote
        if _text(part, "input_path"):
            yield DATA, part.input_path
        if _text(part, "vocab_file"):
            yield "file", part.vocab_file
    if _text(task, "init_checkpoint"):
        yield "checkpoint", task.init_checkpoint
    if getattr(task, "quantization", None) is not None and _text(
        task.quantization, "pretrained_original_checkpoint"
    ):
        yield "checkpoint", task.quantization.pretrained_original_checkpoint
    if _text(task, "annotation_file"):
        yield "file", task.annotation_file


def _is_there(kind: str, path: str) -> bool:
    from tensorflow import errors
    from tensorflow.io import gfile

    try:
        if kind == "checkpoint":
            return bool(gfile.glob(f"{path}.index") or (gfile.isdir(path) and gfile.glob(f"{path}/*.index")))
        return bool(gfile.glob(path))
    except errors.OpError:
        return False


def _parts(config: Any) -> list[Any]:
    return [config.task.train_data, config.task.validation_data]


def _set_below(owner: Any, name: str, root: Path) -> None:
    value = _text(owner, name)
    if value and REMOTE not in value:
        setattr(owner, name, str(root / value))


def _text(owner: Any, name: str) -> str:
    value = getattr(owner, name, None)
    return value if isinstance(value, str) else ""
