"""What the trials of a campaign measured, recipe by recipe: spreads over the seeds, layers, seconds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convergence.campaign import CampaignResult
from convergence.model import BASELINE, Recipe
from convergence.results import TrialResult

TFLITE = "tflite_"


@dataclass(frozen=True)
class Spread:
    """A number as it came out over several seeds."""

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Deployment:
    """One TFLite file of a recipe: accuracy as a fraction, size of the zipped file in bytes, a seed each."""

    conversion: str
    accuracies: tuple[float, ...]
    sizes: tuple[float, ...]

    @property
    def accuracy(self) -> float:
        """Mean over the seeds."""
        return math.fsum(self.accuracies) / len(self.accuracies)

    @property
    def size(self) -> float:
        """Mean over the seeds."""
        return math.fsum(self.sizes) / len(self.sizes)


@dataclass(frozen=True)
class Runs:
    """The trials of one recipe, by seed."""

    recipe: Recipe
    trials: tuple[TrialResult, ...]

    @property
    def healthy(self) -> tuple[TrialResult, ...]:
        """The trials that have metrics."""
        return tuple(trial for trial in self.trials if trial.error is None)

    @property
    def failed(self) -> tuple[TrialResult, ...]:
        """The trials that have an error instead."""
        return tuple(trial for trial in self.trials if trial.error is not None)

    @property
    def metrics(self) -> list[str]:
        """Names of what was measured on this recipe's own model, in the order of measuring."""
        names = (name for trial in self.healthy for name in trial.measured)
        return [name for name in dict.fromkeys(names) if not name.startswith(BASELINE)]

    def spread(self, metric: str) -> Spread | None:
        """A metric over the seeds, or None where no trial measured it."""
        return spread(trial.measured[metric] for trial in self.healthy if metric in trial.measured)

    @property
    def deployments(self) -> list[Deployment]:
        """The TFLite files of which accuracy and zipped size are known."""
        conversions = [
            name.removeprefix(TFLITE).removesuffix("_zip_bytes")
            for name in self.metrics
            if name.startswith(TFLITE) and name.endswith("_zip_bytes")
        ]
        return [found for conversion in conversions if (found := self._deployment(conversion))]

    def _deployment(self, conversion: str) -> Deployment | None:
        accuracy, size = f"{TFLITE}{conversion}_accuracy", f"{TFLITE}{conversion}_zip_bytes"
        both = [run.metrics for run in self.healthy if accuracy in run.metrics and size in run.metrics]
        if not both:
            return None
        return Deployment(
            conversion, tuple(found[accuracy] for found in both), tuple(found[size] for found in both)
        )

    @property
    def layers(self) -> dict[str, dict[str, Spread]]:
        """Each property of each layer's weights over the seeds, by layer."""
        rows: dict[str, dict[str, list[float]]] = {}
        for trial in self.healthy:
            for layer, properties in trial.layers.items():
                for name, value in properties.items():
                    rows.setdefault(layer, {}).setdefault(name, []).append(value)
        return {
            layer: {name: found for name, values in row.items() if (found := spread(values))}
            for layer, row in rows.items()
        }

    @property
    def seconds(self) -> dict[str, float]:
        """Wall time by phase, of all trials together, failed ones too."""
        phases = dict.fromkeys(phase for trial in self.trials for phase in trial.seconds)
        return {phase: math.fsum(trial.seconds.get(phase, 0.0) for trial in self.trials) for phase in phases}


def group(result: CampaignResult, trials: Sequence[TrialResult]) -> list[Runs]:
    """The trials by recipe, in the plan's order; every recipe of the plan has its place."""
    return [
        Runs(recipe, tuple(sorted(_of(recipe, trials), key=lambda trial: trial.seed)))
        for recipe in result.plan.recipes.values()
    ]


def spread(values: Iterable[float]) -> Spread | None:
    """Mean and extremes of the finite values, or None where there are none."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return None
    return Spread(math.fsum(finite) / len(finite), min(finite), max(finite), len(finite))


def _of(recipe: Recipe, trials: Iterable[TrialResult]) -> Iterable[TrialResult]:
    return (trial for trial in trials if (trial.technique, trial.recipe) == (recipe.technique, recipe.name))
