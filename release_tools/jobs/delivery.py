"""What a training leaves of each trial of a run, and whether it is all there; it may be anybody's work."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from convergence import records
from convergence.jobs import FAILURE, TRAINING
from convergence.results import Training, TrialResult
from convergence.trial import Trial
from release_tools.jobs import scores
from release_tools.jobs.artifacts import refusal

CONVERSIONS = ("float", "dynamic", "float16", "int8")
ENDINGS = (TRAINING, FAILURE, *(f".{conversion}.tflite" for conversion in CONVERSIONS))
NAME = re.compile(rf"([0-9a-f]{{32}})({'|'.join(map(re.escape, ENDINGS))})")


def names(chain: Sequence[Trial]) -> Callable[[str], bool]:
    """Whether a file may have a name: those of these trials."""
    digests = {trial.digest for trial in chain}

    def expected(name: str) -> bool:
        found = NAME.fullmatch(name)
        return found is not None and found[1] in digests

    return expected


def require_whole(chain: Sequence[Trial], files: Mapping[str, bytes]) -> None:
    """Makes sure that these are the files of a run: of every trial, up to one that failed by its own fault.

    Raises:
      UserError: bad-artifact, not-a-record.
    """
    left = set(files)
    for trial in chain:
        failed = failure(trial, files)
        if failed is not None:
            left.discard(trial.digest + FAILURE)
            break
        left -= {trial.digest + TRAINING, *_files(trial, files)}
    if left:
        raise refusal(min(left), "belongs to no trial that was finished")


def failure(trial: Trial, files: Mapping[str, bytes]) -> TrialResult | None:
    """What a trial that failed says of it; None where it did not fail.

    Raises:
      UserError: bad-artifact, not-a-record.
    """
    name = trial.digest + FAILURE
    if name not in files:
        return None
    result = records.parse(files[name], TrialResult, PurePath(name))
    if result.error is None or result.metrics or result.layers or result.timings:
        raise refusal(name, "is a failure that has results")
    scores.require_result(trial, result)
    return result


def training(trial: Trial, files: Mapping[str, bytes]) -> Training:
    """What a trial that was trained says of it.

    Raises:
      UserError: bad-artifact, not-a-record.
    """
    name = trial.digest + TRAINING
    if name not in files:
        raise refusal(name, "is missing")
    record = records.parse(files[name], Training, PurePath(name))
    scores.require_training(trial, record)
    return record


def _files(trial: Trial, files: Mapping[str, bytes]) -> list[str]:
    """The names of a trial's TFLite files, each the very file that its training states."""
    found = []
    for conversion, sha256 in training(trial, files).files.items():
        if conversion not in CONVERSIONS:
            raise refusal(conversion, "is no conversion")
        name = f"{trial.digest}.{conversion}.tflite"
        if hashlib.sha256(files.get(name, b"")).hexdigest() != sha256:
            raise refusal(name, "is missing, or another than its training states")
        found.append(name)
    return found
