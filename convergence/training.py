"""The first half of a trial: trains, and leaves as TFLite files what shall be deployed; judges none of it."""

from __future__ import annotations

import hashlib
import math
import platform
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from convergence import causes, cluster, records
from convergence.errors import UserError
from convergence.results import Training, TrialResult
from convergence.trial import DivergedError, Progress, Trial, error_of, result_path, timed, versions

FILE = "training.json"


def is_trained(trial: Trial, store: Path) -> bool:
    """Whether training has left its files before."""
    return (store / trial.digest / FILE).is_file()


def train(trial: Trial, store: Path, data_root: Path, progress: Progress) -> TrialResult | None:
    """Trains unless that was done before, and leaves `training.json` and TFLite files in `store/<digest>/`.

    Of several hosts that train together the chief leaves them.

    Returns:
      The trial's result if training ended it: it diverged or crashed. It is stored as well.

    Raises:
      UserError: what the user can mend (data, overrides, a full disk); nothing is stored then.
      InfrastructureError: out of memory, with a batch to try; nothing is stored then.
    """
    folder = store / trial.digest
    folder.mkdir(parents=True, exist_ok=True)
    if is_trained(trial, store):
        return None
    seconds: dict[str, float] = {}
    try:
        record = _train(trial, store, data_root, progress, seconds)
    except UserError:
        raise
    except Exception as failure:  # whatever a technique raises is this trial's result
        causes.explain(failure, trial.recipe, data_root)
        (folder / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        result = trial.result(error=error_of(failure), seconds=seconds, device=_device())
        if cluster.chief():
            records.write(result_path(store, trial.digest), result)
        return result
    if cluster.chief():
        records.write(folder / FILE, record)
    return None


def require_finite(metrics: Mapping[str, float]) -> None:
    """Raises DivergedError, naming it, if a number is none."""
    for name, value in metrics.items():
        if not math.isfinite(value):
            raise DivergedError(f"{name} is {value}")


def _train(
    trial: Trial, store: Path, data_root: Path, progress: Progress, seconds: dict[str, float]
) -> Training:
    from convergence import official, stages

    folder = store / trial.digest
    with timed(seconds, "training"):
        trained = official.train(trial.recipe, trial.seed, folder, data_root, _start(trial, store), progress)
    with cluster.leaving(folder) as left:
        finished = trained.finished()
        if trial.recipe.optimization:
            stages.keep(finished, left)
        metrics = {**trained.curve[-1].metrics, **trained.properties(finished)}
        require_finite(metrics)
        return Training(
            digest=trial.digest,
            metrics=metrics,
            curve=trained.curve,
            timings={"input_wait_share": trained.input_wait_share},
            files=_deploy(trained, finished, left, seconds),
            seconds=seconds,
            device=_device(),
            versions=trial.versions or versions(),
        )


def _deploy(trained: Any, finished: Any, folder: Path, seconds: dict[str, float]) -> dict[str, str]:
    """Writes the TFLite file of each conversion; their sha256."""
    from convergence import measure

    files = {}
    for conversion in trained.conversions():
        with timed(seconds, f"converting {conversion}"):
            tflite = measure.convert(finished, conversion, trained.calibration())
        (folder / f"{conversion}.tflite").write_bytes(tflite)
        files[conversion] = hashlib.sha256(tflite).hexdigest()
    return files


def _start(trial: Trial, store: Path) -> Path | None:
    """The folder of the checkpoint to start from."""
    if not trial.start:
        return None
    if not (store / trial.start / "checkpoint").exists():
        hint = f"delete {result_path(store, trial.start)} to have it trained again"
        raise UserError("missing-start", f"no checkpoint in {store / trial.start}", hint=hint)
    return store / trial.start


def _device() -> str:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return f"CPU {platform.machine()}"
    return str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU"))
