"""Worker processes: each imports TensorFlow once and runs one trial after another."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from convergence import content
from convergence import trial as trials
from convergence.model import ErrorKind, TrialError, TrialResult, UserError
from convergence.trial import Trial

if TYPE_CHECKING:
    from pebble import ProcessPool

ENVIRONMENT = {
    "TF_USE_LEGACY_KERAS": "1",  # TFMOT wraps Keras 2 layers
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_DETERMINISTIC_OPS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "1",  # the default, whatever the user's shell says
    "XLA_FLAGS": "",
    "PYTHONHASHSEED": "0",
}
POLL_SECONDS = 1.0
JOIN_SECONDS = 20.0


class Workers:
    """Pools of worker processes, one for each thread count that recipes ask for, as a context manager.

    A worker that is killed costs the trial that it was running; its pool starts another worker.
    """

    def __init__(self, count: int, store: Path, data_root: Path, example: Path | None) -> None:
        self._count, self._store, self._data_root, self._example = count, store, data_root, example
        self._pools: dict[int, ProcessPool] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        # Results are on disk when a future is done, so nothing is lost by stopping; and a worker that was
        # killed can leave a pool that would wait for it for ever.
        for pool in self._pools.values():
            pool.stop()
            with contextlib.suppress(TimeoutError):
                pool.join(timeout=JOIN_SECONDS)

    def submit(self, trial: Trial) -> Future[TrialResult]:
        """Runs the trial in the next free worker with its recipe's threads."""
        pool = self._pool(trial.recipe.threads)
        future: Future[TrialResult] = pool.schedule(_work, args=(trial, self._store, self._data_root))
        return future

    def _pool(self, threads: int) -> ProcessPool:
        from pebble import ProcessPool

        if threads not in self._pools:
            os.environ.update(ENVIRONMENT)
            self._pools[threads] = ProcessPool(
                max_workers=self._count,
                context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(os.getpid(), threads, self._store, self._example),
            )
        return self._pools[threads]


def lost(failure: BaseException) -> TrialError | None:
    """The error of a trial that its machine ended, or None where `failure` is something else.

    Raises:
      UserError: workers-do-not-start.
    """
    from pebble import ProcessExpired

    if isinstance(failure, ProcessExpired):
        return TrialError(ErrorKind.INFRASTRUCTURE, f"its worker died: {failure}")
    if isinstance(failure, trials.InfrastructureError):
        return TrialError(ErrorKind.INFRASTRUCTURE, str(failure))
    if type(failure).__name__ == "BrokenProcessPool":
        hint = "see worker-*.log beside the trials"
        raise UserError("workers-do-not-start", "no worker process could be started", hint=hint) from failure
    return None


def progress_path(store: Path, digest: str) -> Path:
    """Where a running trial says how far it is: `step steps`."""
    return store / digest / "progress"


def _begin(parent: int, threads: int, store: Path, example: Path | None) -> None:
    """What a worker does once: everything it prints goes to a log, TensorFlow gets its threads."""
    import sys

    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    store.mkdir(parents=True, exist_ok=True)
    log = os.open(store / f"worker-{os.getpid()}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if example is not None:
        sys.path.append(str(example))
    content.require_not_shadowed()
    import tensorflow as tf

    from convergence import official

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    official.quiet()


def _end_with(parent: int) -> None:
    """Ends this worker when the campaign is gone, however it went: an orphan would train for nobody."""
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)


def _work(trial: Trial, store: Path, data_root: Path) -> TrialResult:
    path = progress_path(store, trial.digest)
    return trials.run(trial, store, data_root, lambda step, steps: _note(path, step, steps))


def _note(path: Path, step: int, steps: int) -> None:
    path.write_text(f"{step} {steps}", encoding="utf-8")


Submit = Callable[[Trial], Future[TrialResult]]
