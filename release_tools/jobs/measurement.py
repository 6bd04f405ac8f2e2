"""From what trainings left to results: measured in a process of our own, with none of the code under test."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from convergence import records
from convergence.jobs import TRAINING, Chain
from convergence.model import BASELINE, Kind
from convergence.results import ErrorKind, TrialError, TrialResult
from convergence.trial import Trial
from convergence.workers import ENVIRONMENT
from release_tools.jobs import artifacts, delivery, legs, scores
from release_tools.jobs.artifacts import Delivery, refusal
from release_tools.jobs.isolation import Box, Isolation
from release_tools.jobs.subject import Subject
from release_tools.jobs.waves import Run

MOST_RUNS = 64  # of a recipe; no plan has as many looks
BROKEN = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}


@dataclass(frozen=True)
class Measurement:
    """What `converge-score` was asked for."""

    subject: Subject
    trained: Path
    data: Path
    out: Path
    isolation: Isolation


def score(asked: Measurement) -> list[Path]:
    """Measures each delivery and writes a result for each of its trials; their paths.

    Raises:
      UserError: bad-artifact, not-a-record; foreign-test-data; scoring-ended.
    """
    legs.require_image(asked.isolation)
    runs = list(_runs(asked.subject))
    everything = delivery.names([trial for run in runs for trial in run.chain])
    written = []
    for left in artifacts.deliveries(asked.trained, everything):
        run = _run(runs, left)
        delivery.require_whole(run.chain, left.files)
        legs.prepare_data(run.chain, asked.data)
        for result in _results(asked, run, left.files):
            written.append(asked.out / f"{result.digest}.json")
            records.write(written[-1], result)
    return written


def _runs(subject: Subject) -> Iterator[Run]:
    judged = [recipe for recipe in subject.plan.recipes.values() if recipe.claims]
    plan = subject.campaign()
    for recipe in judged:
        for index in range(MOST_RUNS):
            yield Run(recipe, index, tuple(plan.chain(recipe, index)))


def _run(runs: list[Run], left: Delivery) -> Run:
    """The run whose trials the files are of; of those that share a start that failed, any."""
    digests = {name.partition(".")[0] for name in left.files}
    fitting = [run for run in runs if digests <= {trial.digest for trial in run.chain}]
    if not fitting:
        raise refusal(left.name, "holds trials of more than one run")
    return min(fitting, key=lambda run: len(run.chain))


def _results(asked: Measurement, run: Run, files: Mapping[str, bytes]) -> Iterator[TrialResult]:
    trained = [trial for trial in run.chain if trial.digest + TRAINING in files]
    with tempfile.TemporaryDirectory(prefix="release-tools-") as name:
        store = Path(name, "store")
        for trial in trained:
            _lay_out(store / trial.digest, trial, files)
        if trained:
            yield from _measured(asked, trained, files, Path(name))
    for trial in run.chain:
        failed = delivery.failure(trial, files)
        if failed is not None:
            yield failed


def _lay_out(folder: Path, trial: Trial, files: Mapping[str, bytes]) -> None:
    """As the trainer has it."""
    folder.mkdir(parents=True)
    prefix = f"{trial.digest}."
    for name, content in files.items():
        if name.startswith(prefix):
            (folder / name.removeprefix(prefix)).write_bytes(content)


def _measured(
    asked: Measurement, trained: list[Trial], files: Mapping[str, bytes], scratch: Path
) -> Iterator[TrialResult]:
    store = scratch / "store"
    records.write(scratch / "chain.json", Chain(tuple(trained)))
    words = [sys.executable, "-P", "-m", "convergence", "score", str(scratch / "chain.json")]
    words += ["--store", str(store), "--data", str(asked.data)]
    read = (*legs.interpreter(), asked.data, scratch / "chain.json", *legs.own_environment())
    box = Box(tuple(words), read, (store,), legs.harness(), ENVIRONMENT)
    status = legs.run(box, asked.isolation, scratch, scratch / "log")
    broken = {number for number in BROKEN if status in {-number, 128 + number}}
    if status and not broken:
        raise legs.ended("scoring-ended", status, scratch / "log")
    for trial in trained:
        result = _read(store, trial)
        if result is None:
            message = f"measuring its files ended by {min(broken, default=signal.SIGABRT).name}"
            yield trial.result(error=TrialError(ErrorKind.CRASHED, message))
            return
        versions = delivery.training(trial, files).versions
        yield replace(_complete(trial, result), versions=versions)


def _read(store: Path, trial: Trial) -> TrialResult | None:
    path = store / f"{trial.digest}.json"
    if not path.is_file():
        return None
    result = records.parse(path.read_bytes(), TrialResult, PurePath(path.name))
    scores.require_result(trial, result)
    return result


def _complete(trial: Trial, result: TrialResult) -> TrialResult:
    """The result, unless what it left out is what a claim is about: that is a failure of the trial."""
    if result.error is not None:
        return result
    wanted = {claim.metric for claim in trial.recipe.claims}
    wanted |= {BASELINE + claim.baseline for claim in trial.recipe.claims if claim.kind is Kind.PAIRED}
    missing = sorted(wanted - result.measured.keys())
    if not missing:
        return result
    error = TrialError(ErrorKind.CRASHED, f"it left nothing that shows {', '.join(missing)[:300]}")
    return trial.result(error=error, seconds=result.seconds, device=result.device)
