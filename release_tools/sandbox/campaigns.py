"""An invented campaign of two techniques, small enough to read, for all that shows campaigns."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from convergence import verdict
from convergence.campaign import CampaignResult, Plan
from convergence.model import Claim, Kind, Recipe, Status
from convergence.results import ErrorKind, Evaluation, TrialError, TrialResult

SEEDS = (1001, 1002, 1003)
VERSIONS = {"python": "3.11.7", "tensorflow": "2.20.0"}
DIGEST = "86e178206a0cc53c187e585434a2fac9"

ACCURACY = Claim(
    technique="pruning",
    recipe="digits-50",
    name="accuracy",
    kind=Kind.AT_LEAST,
    metric="tflite_float_accuracy",
    target=96.2,
    margin=2.0,
    unit="%",
    source="the pruning guide",
    measured="mean of 5 runs",
    references=(96.0, 96.4, 95.5, 96.9, 96.2),
    headline=True,
)
SPARSITY = replace(
    ACCURACY,
    name="sparsity",
    kind=Kind.EXACT,
    metric="sparsity",
    target=50.0,
    margin=0.0,
    references=(),
    headline=False,
)
GAIN = replace(
    ACCURACY,
    technique="quantization",
    recipe="digits-int8",
    name="accuracy gained",
    kind=Kind.PAIRED,
    metric="tflite_int8_accuracy",
    baseline="tflite_float_accuracy",
    target=-0.2,
    references=(-0.2, 0.0, -0.4, -0.1, -0.3),
    status=Status.PROPOSED,
)
MOVED = replace(
    SPARSITY,
    technique="quantization",
    recipe="digits-int8",
    name="ranges moved",
    metric="ranges_moved",
    target=100.0,
)
RECIPES = {
    recipe.id: recipe
    for recipe in (
        Recipe("uncompressed", "digits", "smoke", "e", "m"),
        Recipe("pruning", "digits-50", "smoke", "e", "m", "uncompressed/digits", claims=(ACCURACY, SPARSITY)),
        Recipe("quantization", "digits-int8", "smoke", "e", "m", "uncompressed/digits", claims=(GAIN, MOVED)),
    )
}
METRICS = {
    "uncompressed": {
        "tflite_float_accuracy": 0.964,
        "tflite_float_zip_bytes": 1_500_000.0,
        "tflite_int8_accuracy": 0.962,
        "tflite_int8_zip_bytes": 460_000.0,
    },
    "pruning": {
        "sparsity": 0.5,
        "tflite_float_accuracy": 0.961,
        "tflite_float_zip_bytes": 966_000.0,
    },
    "quantization": {
        "ranges_moved": 1.0,
        "tflite_int8_accuracy": 0.962,
        "tflite_int8_zip_bytes": 462_000.0,
        "baseline.accuracy": 0.965,
        "baseline.tflite_float_accuracy": 0.964,
    },
}


@dataclass(frozen=True)
class Shown:
    """What a page is made from."""

    result: CampaignResult
    trials: tuple[TrialResult, ...]


def reproduced() -> Shown:
    """Three seeds of everything; all claims hold."""
    return _judged(_trial(recipe, seed) for recipe in RECIPES.values() for seed in SEEDS)


def diverged() -> Shown:
    """The same, but every pruned trial diverged."""
    return _judged(_failed(t) if t.technique == "pruning" else t for t in reproduced().trials)


def _judged(made: Iterable[TrialResult]) -> Shown:
    trials = tuple(made)
    plan = Plan(RECIPES, DIGEST, "5f0c3b6a9e7d41c2", VERSIONS, DIGEST)
    verdicts = tuple(verdict.judge(claim, _values(claim, trials)) for claim in plan.claims)
    return Shown(CampaignResult(plan, verdicts, tuple(sorted(t.digest for t in trials)), 0, 154.2), trials)


def _values(claim: Claim, trials: tuple[TrialResult, ...]) -> list[float]:
    own = [trial for trial in trials if trial.technique == claim.technique]
    return [math.nan if trial.error else claim.value(trial.metrics) for trial in own]


def _trial(recipe: Recipe, seed: int) -> TrialResult:
    """A healthy trial; its numbers follow from the recipe and, by a little, from the seed."""
    luck = 0.002 * (seed - SEEDS[1])
    metrics = {
        name: value + luck if name.endswith("accuracy") else value
        for name, value in METRICS[recipe.technique].items()
    }
    curve = tuple(
        Evaluation(step, {"accuracy": accuracy + luck, "validation_loss": 0.6})
        for step, accuracy in ((100, 0.91), (200, 0.95), (300, 0.965))
    )
    return TrialResult(
        digest=f"{recipe.technique}{seed}",
        technique=recipe.technique,
        recipe=recipe.name,
        tier=recipe.tier,
        seed=seed,
        metrics={**curve[-1].metrics, **metrics},
        curve=curve,
        layers={
            "float 000 CONV_2D": {"sparsity": 0.5, "unique_weights": 217.0},
            "float 001 DEPTHWISE_CONV_2D": {"sparsity": 0.0, "unique_weights": 143.0 + seed - SEEDS[0]},
        },
        seconds={"training": 60.0, "converting float": 2.5},
        device="CPU x86_64",
        threads=1,
        versions=VERSIONS,
        content_digest=DIGEST,
    )


def _failed(trial: TrialResult) -> TrialResult:
    error = TrialError(ErrorKind.DIVERGED, "the last evaluation is not finite")
    return replace(trial, metrics={}, curve=(), layers={}, error=error)
