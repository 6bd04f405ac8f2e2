"""What comes of a trial: a training's record, its result, or why there is none."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from convergence.model import STRICT


class ErrorKind(enum.Enum):
    """Why a trial has no metrics. Only infrastructure failures may be retried."""

    DIVERGED = "diverged"
    CRASHED = "crashed"
    INFRASTRUCTURE = "infrastructure"


@dataclass(frozen=True)
class TrialError:
    """Why a trial has no metrics."""

    __pydantic_config__: ClassVar = STRICT

    kind: ErrorKind
    message: str


@dataclass(frozen=True)
class Evaluation:
    """One evaluation during training: the step it came after and what Official Models measured."""

    __pydantic_config__: ClassVar = STRICT

    step: int
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Training:
    """What a training left beside its TFLite files, for them to be scored.

    Attributes:
      metrics: of the last evaluation, and the properties of the trained weights.
      timings: `input_wait_share`, of the time in training loops.
      files: sha256 of `<conversion>.tflite`, by conversion.
      versions: of the libraries that trained, and the kind of machine.
    """

    __pydantic_config__: ClassVar = STRICT

    digest: str
    metrics: Mapping[str, float]
    curve: tuple[Evaluation, ...]
    timings: Mapping[str, float]
    files: Mapping[str, str]
    seconds: Mapping[str, float]
    device: str
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TrialResult:
    """One finished trial.

    Attributes:
      digest: hash of everything that determines the metrics; the key it is stored under.
      metrics: final values by name (accuracies as fractions, sizes in bytes); empty after an error.
      curve: every evaluation, in the order they happened.
      layers: properties of each layer's weights, by layer.
      timings: ratios of times, which are never the same twice: `tflite_<conversion>_latency_ratio` to the
        float model that the trial started from, `input_wait_share` of the training loops.
      seconds: wall time by phase.
      content_digest: of the TFMOT wheel that was trained with.
      told: names of the metrics that only the training process says; no file that it left shows them.
    """

    __pydantic_config__: ClassVar = STRICT

    digest: str
    technique: str
    recipe: str
    tier: str
    seed: int
    metrics: Mapping[str, float]
    curve: tuple[Evaluation, ...]
    layers: Mapping[str, Mapping[str, float]]
    seconds: Mapping[str, float]
    device: str
    threads: int
    versions: Mapping[str, str]
    content_digest: str
    error: TrialError | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    told: tuple[str, ...] = ()

    @property
    def measured(self) -> dict[str, float]:
        """Everything that a claim can be about: metrics and timings."""
        return {**self.metrics, **self.timings}
