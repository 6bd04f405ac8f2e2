"""The second half of a trial: measures the TFLite files that training left, on the whole test set.

Loads no checkpoint and runs no technique, so it can be done by another process, while the next trial trains.
What the files show is read from them and never taken from what trained them.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from convergence import causes, records, techniques
from convergence.errors import UserError
from convergence.model import BASELINE, LATENCY_RATIO, TFLITE, Recipe
from convergence.results import Training, TrialResult
from convergence.training import FILE, require_finite
from convergence.trial import Trial, error_of, result_path, timed

if TYPE_CHECKING:
    from convergence.measure import Batches

COMPARED_WITH = "float"  # conversion of the start's model that latencies are compared with
TOLD_TIMINGS = ("input_wait_share",)  # those that training can know


def score(trial: Trial, store: Path, data_root: Path, tested_on: Recipe | None = None) -> TrialResult:
    """Measures a trained trial and stores its result, last, so that what has a result is whole.

    Args:
      tested_on: whose test data are taken; the trial's own recipe by default.

    Raises:
      UserError: what the user can mend, not-a-record for files that are not those which training left.
      InfrastructureError: out of memory, with a batch to try; nothing is stored then.
    """
    from convergence import official

    training = records.read(store / trial.digest / FILE, Training)
    seconds = dict(training.seconds)
    try:
        batches = official.test_batches(tested_on or trial.recipe, data_root) if training.files else []
        result = _score(trial, training, store, batches, seconds)
    except UserError:
        raise
    except Exception as failure:  # a file that no interpreter runs is this trial's result
        causes.explain(failure, tested_on or trial.recipe, data_root, causes.TESTING)
        (store / trial.digest / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        result = trial.result(error=error_of(failure), seconds=seconds, device=training.device)
    records.write(result_path(store, trial.digest), result)
    return result


def _score(
    trial: Trial, training: Training, store: Path, batches: Batches, seconds: dict[str, float]
) -> TrialResult:
    files = {name: _tflite(store, trial, name, sha256) for name, sha256 in training.files.items()}
    timings = {name: training.timings[name] for name in TOLD_TIMINGS if name in training.timings}
    metrics: dict[str, float] = {}
    layers: dict[str, dict[str, float]] = {}
    for conversion, tflite in files.items():
        with timed(seconds, f"measuring {conversion}"):
            found, weights = _measure(tflite, batches)
        metrics.update({f"{TFLITE}{conversion}_{name}": value for name, value in found.items()})
        layers.update({f"{conversion} {name}": row for name, row in weights.items()})
        with timed(seconds, f"timing {conversion}"):
            timings.update(_latency(trial, store, conversion, tflite, batches))
    metrics.update(_properties(trial, files))
    told = {name: value for name, value in training.metrics.items() if name not in metrics and _tells(name)}
    baseline, told_before = _baseline(trial, store)
    metrics = told | metrics | baseline
    require_finite(metrics)
    return trial.result(
        metrics=metrics,
        curve=training.curve,
        layers=layers,
        timings=timings,
        seconds=seconds,
        device=training.device,
        told=(*sorted(told), *told_before),
    )


def _tells(name: str) -> bool:
    """Whether a metric may be taken on training's word: never one that a file would show."""
    return not name.startswith((BASELINE, TFLITE))


def _properties(trial: Trial, files: Mapping[str, bytes]) -> dict[str, float]:
    """What the files show of the properties that the recipe's techniques promise."""
    found: dict[str, float] = {}
    for name in trial.recipe.optimization:
        found.update(techniques.load(name).deployed(files))
    return found


def _tflite(store: Path, trial: Trial, conversion: str, sha256: str) -> bytes:
    path = store / trial.digest / f"{conversion}.tflite"
    tflite = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(tflite).hexdigest() != sha256:
        hint = f"delete {path.parent} to have it trained again"
        raise UserError("not-a-record", f"{path} is not the file that training left", hint=hint)
    return tflite


def _measure(tflite: bytes, batches: Batches) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    from convergence import measure

    found = {"accuracy": measure.accuracy(tflite, batches), **measure.sizes(tflite)}
    found["integer_operators"] = measure.integer_operators(tflite)
    return found, measure.weights(tflite)


def _latency(trial: Trial, store: Path, conversion: str, tflite: bytes, batches: Batches) -> dict[str, float]:
    """The time ratio to the float model that the trial started from, or to its own where it is the first."""
    from convergence import latency

    baseline = store / (trial.start or trial.digest) / f"{COMPARED_WITH}.tflite"
    if not baseline.exists() or (not trial.start and conversion == COMPARED_WITH):
        return {}
    ratio = latency.ratio(tflite, baseline.read_bytes(), batches[0][0])
    return {f"{TFLITE}{conversion}{LATENCY_RATIO}": ratio}


def _baseline(trial: Trial, store: Path) -> tuple[dict[str, float], list[str]]:
    """The metrics of the trial that this one started from, and those of them that are only told."""
    if not trial.start:
        return {}, []
    start = records.read(result_path(store, trial.start), TrialResult)
    metrics = {BASELINE + name: value for name, value in start.metrics.items() if BASELINE not in name}
    return metrics, [BASELINE + name for name in start.told if BASELINE not in name]
