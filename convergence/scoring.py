"""The second half of a trial: measures the TFLite files that training left, on the whole test set.

Loads no checkpoint and runs no technique, so it can be done by another process, while the next trial trains.
"""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from convergence import records
from convergence.model import BASELINE, LATENCY_RATIO, Training, TrialResult, UserError
from convergence.training import FILE, require_finite
from convergence.trial import Trial, error_of, result_path, timed

if TYPE_CHECKING:
    from convergence.measure import Batches

COMPARED_WITH = "float"  # conversion of the start's model that latencies are compared with


def score(trial: Trial, store: Path, data_root: Path) -> TrialResult:
    """Measures a trained trial and stores its result, last, so that what has a result is whole.

    Raises:
      UserError: what the user can mend, not-a-record for files that are not those which training left.
      InfrastructureError: out of memory; nothing is stored then.
    """
    training = records.read(store / trial.digest / FILE, Training)
    seconds = dict(training.seconds)
    try:
        result = _score(trial, training, store, data_root, seconds)
    except UserError:
        raise
    except Exception as failure:  # a file that no interpreter runs is this trial's result
        (store / trial.digest / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        result = trial.result(error=error_of(failure), seconds=seconds, device=training.device)
    records.write(result_path(store, trial.digest), result)
    return result


def _score(
    trial: Trial, training: Training, store: Path, data_root: Path, seconds: dict[str, float]
) -> TrialResult:
    from convergence import official

    batches = official.test_batches(trial.recipe, data_root)
    metrics, timings = dict(training.metrics), dict(training.timings)
    layers: dict[str, dict[str, float]] = {}
    for conversion, sha256 in training.files.items():
        tflite = _tflite(store, trial, conversion, sha256)
        with timed(seconds, f"measuring {conversion}"):
            found, weights = _measure(tflite, batches)
        metrics.update({f"tflite_{conversion}_{name}": value for name, value in found.items()})
        layers.update({f"{conversion} {name}": row for name, row in weights.items()})
        with timed(seconds, f"timing {conversion}"):
            timings.update(_latency(trial, store, conversion, tflite, batches))
    metrics.update(_baseline(trial, store))
    require_finite(metrics)
    return trial.result(
        metrics=metrics,
        curve=training.curve,
        layers=layers,
        timings=timings,
        seconds=seconds,
        device=training.device,
    )


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
    return {f"tflite_{conversion}{LATENCY_RATIO}": ratio}


def _baseline(trial: Trial, store: Path) -> dict[str, float]:
    """The metrics of the trial that this one started from."""
    if not trial.start:
        return {}
    start = records.read(result_path(store, trial.start), TrialResult)
    return {BASELINE + name: value for name, value in start.metrics.items() if BASELINE not in name}
