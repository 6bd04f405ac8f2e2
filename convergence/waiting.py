"""How much of its time a training waits for its input, measured where it asks for the next batch."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import tensorflow as tf


class InputWait:
    """Times every batch that a trainer asks its input for, and its training loops as a whole.

    Only clocks are added to the trainer's graph: its numbers stay the same to the last bit.
    """

    def __init__(self, trainer: Any) -> None:
        self._weight = trainer.model.trainable_variables[0]
        self._waited = tf.Variable(0.0, dtype=tf.float64, trainable=False)
        self._loops = 0.0
        self._train, self._next = trainer.train, trainer.next_train_inputs
        trainer.train, trainer.next_train_inputs = self._timed_train, self._timed_next

    @property
    def share(self) -> float:
        """Seconds waited ÷ seconds in training loops, from 0 to 1; 0 where nothing was trained."""
        return float(self._waited.numpy()) / self._loops if self._loops else 0.0

    def _timed_train(self, steps: Any) -> Any:
        began = time.monotonic()
        try:
            return self._train(steps)
        finally:
            self._loops += time.monotonic() - began

    def _timed_next(self, iterator: Any) -> Any:
        # Steps overlap: waiting begins when the one before has updated the first layer, which it does last.
        with tf.control_dependencies([self._weight.read_value()]):
            began = _now()
        with tf.control_dependencies([began]):
            batch = self._next(iterator)
        with tf.control_dependencies(tf.nest.flatten(batch, expand_composites=True)):
            self._waited.assign_add(_now() - began)
        return batch


def _now() -> Any:
    """The clock as a tensor in seconds; `tf.timestamp` is refused where operations are deterministic."""
    return tf.numpy_function(lambda: np.float64(time.monotonic()), [], tf.float64)
