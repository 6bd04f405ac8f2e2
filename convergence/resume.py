"""Where an interrupted training goes on: its step, the evaluations made so far, the data not yet seen.

Official Models restores weights and optimizer from the newest checkpoint by itself, but its input begins
anew; a resumed run would see other batches than an uninterrupted one and end with other numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tensorflow as tf
from official.core import train_utils

from convergence.results import Evaluation

CURVE = "curve.jsonl"


def position(folder: Path) -> int:
    """The step of the newest checkpoint in a trial's folder; 0 where there is none."""
    newest = tf.train.latest_checkpoint(str(folder))
    return int(train_utils.read_global_step_from_checkpoint(newest)) if newest else 0


@contextmanager
def skip_seen(task: Any, step: int) -> Iterator[None]:
    """While it lasts, the task's training input begins with the batch after `step`."""
    build_inputs = task.build_inputs

    def resumed(params: Any, input_context: tf.distribute.InputContext | None = None) -> tf.data.Dataset:
        dataset = build_inputs(params, input_context)
        return dataset.skip(step) if params.is_training and step else dataset

    task.build_inputs = resumed
    try:
        yield
    finally:
        task.build_inputs = build_inputs


class Curve:
    """The evaluations of a trial, on disk as they are made, so that a kill loses none.

    Args:
      writes: whether this process keeps them: of several hosts that train together one does.
    """

    def __init__(self, folder: Path, step: int, *, writes: bool = True) -> None:
        self._path, self._writes = folder / CURVE, writes
        self.points = [point for point in _read(self._path) if point.step <= step]
        if writes:
            self._path.write_text("".join(_line(point) for point in self.points), encoding="utf-8")

    @property
    def step(self) -> int:
        """The step of the last evaluation, or 0."""
        return self.points[-1].step if self.points else 0

    def append(self, point: Evaluation) -> None:
        """Keeps an evaluation."""
        self.points.append(point)
        if not self._writes:
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(point))


def _read(path: Path) -> list[Evaluation]:
    """The whole lines of a curve file; a line that a kill cut short is left out."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [Evaluation(**json.loads(line)) for line in lines if line.endswith("\n")]


def _line(point: Evaluation) -> str:
    return json.dumps({"step": point.step, "metrics": dict(point.metrics)}) + "\n"
