"""How long a TFLite model takes beside another: timed in turn in one process, both meeting the same noise."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from convergence.measure import opened

PAIRS = 200
LEAST_PAIRS = 10
WARM_UP = 3
MOST_SECONDS = 5.0

Images = npt.NDArray[np.float32]


def ratio(tflite: bytes, baseline: bytes, images: Images) -> float:
    """The median over pairs of one inference with each model, one image at a time on one thread, t ÷ t₀.

    Args:
      images: (n, height, width, channels); taken in turn, the same one for both models of a pair.
    """
    ours, other = _inference(tflite), _inference(baseline)
    for image in images[:WARM_UP]:
        ours(image), other(image)
    pairs: list[float] = []
    began = time.monotonic()
    while len(pairs) < LEAST_PAIRS or (len(pairs) < PAIRS and time.monotonic() - began < MOST_SECONDS):
        image = images[len(pairs) % len(images)]
        # Who goes first alternates, since the second finds warm caches.
        if len(pairs) % 2:
            first, second = ours(image), other(image)
        else:
            second, first = other(image), ours(image)
        pairs.append(first / second)
    return median(pairs)


def _inference(tflite: bytes) -> Callable[[Images], float]:
    """A function that runs one image (height, width, channels) through the model and returns seconds."""
    interpreter = opened(tflite)
    interpreter.allocate_tensors()
    source: Any = interpreter.get_input_details()[0]

    def run(image: Images) -> float:
        interpreter.set_tensor(source["index"], image[np.newaxis])
        began = time.perf_counter()
        interpreter.invoke()
        return time.perf_counter() - began

    return run
