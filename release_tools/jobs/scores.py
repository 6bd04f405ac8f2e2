"""The results that a request's score jobs wrote, each held against the planned trial of its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePath

from convergence import records
from convergence.results import ErrorKind, Training, TrialError, TrialResult
from convergence.trial import Trial
from release_tools.jobs import artifacts
from release_tools.jobs.artifacts import refusal

DIGEST = re.compile(r"[0-9a-f]{32}")
METRIC = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./ -]{0,119}", re.ASCII)
SAME = ("digest", "technique", "recipe", "tier", "seed", "threads", "content_digest")
ITS_OWN_FAULT = (ErrorKind.DIVERGED, ErrorKind.CRASHED)  # what a trial may say of itself
MOST_NAMES, MOST_POINTS, MOST_LAYERS = 200, 20_000, 4096
LONGEST_TEXT = 500


def read(folder: Path) -> dict[str, TrialResult]:
    """The results in a folder, by digest; none where there is no folder.

    Where two jobs brought a trial, as of a start that they share, the first by name counts.

    Raises:
      UserError: bad-artifact, not-a-record.
    """
    found: dict[str, TrialResult] = {}
    for delivery in artifacts.deliveries(
        folder, lambda name: bool(re.fullmatch(r"[0-9a-f]{32}\.json", name))
    ):
        for name, content in delivery.files.items():
            result = records.parse(content, TrialResult, PurePath(delivery.name, name))
            if result.digest != name.removesuffix(".json"):
                raise refusal(name, "is the result of another trial")
            found.setdefault(result.digest, result)
    return found


def require_of(trials: Iterable[Trial], results: Mapping[str, TrialResult]) -> None:
    """Makes sure that each result says what the trial of its digest is, and no more than results do.

    Raises:
      UserError: bad-artifact.
    """
    for trial in trials:
        if trial.digest in results:
            require_result(trial, results[trial.digest])


def require_result(trial: Trial, result: TrialResult) -> None:
    """Makes sure that a result is this trial's.

    Raises:
      UserError: bad-artifact.
    """
    expected = trial.result()
    for name in SAME:
        if getattr(result, name) != getattr(expected, name):
            stated = str(getattr(result, name))
            raise refusal(trial.digest, f"states another {name}: {stated[:80]!r}")
    if result.error is not None:
        require_own_fault(trial, result.error)
    texts = chain([result.device], result.versions, result.versions.values(), result.told, result.layers)
    _require_texts(trial, texts)
    _require_names(trial, result.metrics, result.timings, result.seconds, *result.layers.values())
    _require_curve(trial, result)
    if len(result.layers) > MOST_LAYERS:
        raise refusal(trial.digest, f"states {len(result.layers)} layers")


def require_training(trial: Trial, record: Training) -> None:
    """Makes sure that what a training says of itself is of this trial, and no more than trainings say.

    Raises:
      UserError: bad-artifact.
    """
    if record.digest != trial.digest:
        raise refusal(trial.digest, f"states another digest: {record.digest[:80]!r}")
    _require_texts(trial, chain([record.device], record.versions, record.versions.values()))
    _require_names(trial, record.metrics, record.timings, record.seconds)
    _require_curve(trial, record)


def require_own_fault(trial: Trial, error: TrialError) -> None:
    """Makes sure that no trial excuses itself with its machine, which would have it tried again.

    Raises:
      UserError: bad-artifact.
    """
    if error.kind not in ITS_OWN_FAULT:
        raise refusal(trial.digest, f"says of itself that it ended by {error.kind.value}")
    _require_texts(trial, [error.message])


def _require_curve(trial: Trial, record: Training | TrialResult) -> None:
    if len(record.curve) > MOST_POINTS:
        raise refusal(trial.digest, f"states {len(record.curve)} evaluations")
    steps = [point.step for point in record.curve]
    if steps != sorted(set(steps)) or any(step < 0 for step in steps):
        raise refusal(trial.digest, "states evaluations that do not follow each other")
    _require_names(trial, *(point.metrics for point in record.curve))


def _require_names(trial: Trial, *numbers: Mapping[str, float]) -> None:
    for names in numbers:
        if len(names) > MOST_NAMES:
            raise refusal(trial.digest, f"states {len(names)} numbers")
        for name in names:
            if not METRIC.fullmatch(name):
                raise refusal(trial.digest, f"states a number called {name[:80]!r}")


def _require_texts(trial: Trial, texts: Iterable[str]) -> None:
    for text in _too_long(texts):
        raise refusal(trial.digest, f"states a text of {len(text)} characters")


def _too_long(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if len(text) > LONGEST_TEXT)
