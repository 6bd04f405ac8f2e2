"""The share of a training that waits for its input."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

pytestmark = pytest.mark.training


class Trainer:
    """A trainer whose every batch and every step take a second of a false clock."""

    def __init__(self, clock: Clock) -> None:
        import tensorflow as tf

        self.clock = clock
        self.model = SimpleNamespace(trainable_variables=[tf.Variable(1.0)])

    def next_train_inputs(self, iterator: Iterator[object]) -> object:
        self.clock.now += 1.0
        return next(iterator)

    def train(self, steps: int) -> str:
        batches = iter(range(steps))
        for _ in range(steps):
            self.next_train_inputs(batches)
            self.clock.now += 1.0
        return "trained"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0


@pytest.mark.parametrize("steps", [1, 10])
def test_the_share_is_waiting_over_loops(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    from convergence import waiting

    clock = Clock()
    monkeypatch.setattr(waiting.time, "monotonic", lambda: clock.now)
    trainer = Trainer(clock)
    timed = waiting.InputWait(trainer)
    assert timed.share == 0.0
    assert trainer.train(steps) == "trained"
    assert timed.share == 0.5
