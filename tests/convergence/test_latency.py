"""Paired timing of two TFLite files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convergence.results import TrialResult

pytestmark = pytest.mark.training


class Clock:
    """Stands in for the module `time`: every look at it is a second later."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return 0.0

    def perf_counter(self) -> float:
        self.now += 1.0
        return self.now


def test_equal_times_are_the_ratio_one(
    uncompressed: TrialResult, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from convergence import latency

    monkeypatch.setattr(latency, "time", Clock())
    model = (store / uncompressed.digest / "float.tflite").read_bytes()
    images = np.zeros((4, 32, 32, 3), np.float32)
    assert latency.ratio(model, model, images) == 1.0


def test_what_takes_longer_has_a_ratio_above_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from convergence import latency

    times = {b"slow": 3.0, b"fast": 2.0}
    ran: list[bytes] = []

    def inference(tflite: bytes) -> object:
        def run(image: object) -> float:
            ran.append(tflite)
            return times[tflite]

        return run

    monkeypatch.setattr(latency, "_inference", inference)
    assert latency.ratio(b"slow", b"fast", np.zeros((4, 1, 1, 1), np.float32)) == 1.5
    pairs = list(zip(ran[::2], ran[1::2], strict=True))[latency.WARM_UP :]
    assert len(pairs) == latency.PAIRS
    assert pairs.count((b"slow", b"fast")) == pairs.count((b"fast", b"slow"))
