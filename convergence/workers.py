"""Worker processes: each imports TensorFlow once and runs one trial after another."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from convergence import causes, content, devices
from convergence import trial as trials
from convergence.results import ErrorKind, TrialError, TrialResult
from convergence.trial import Trial

if TYPE_CHECKING:
    from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")

ENVIRONMENT = {
    "TF_USE_LEGACY_KERAS": "1",  # TFMOT wraps Keras 2 layers
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_DETERMINISTIC_OPS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "1",  # the default, whatever the user's shell says
    "XLA_FLAGS": "",
    "PYTHONHASHSEED": "0",
}
SCRATCH = "scratch"  # TensorFlow writes code to temporary files, and a worker that is stopped leaves them
POLL_SECONDS = 1.0
TASKS_A_WORKER = 12  # TensorFlow keeps the graphs of what it has trained: a worker grows to gigabytes
JOIN_SECONDS = 20.0


class Workers:
    """Pools of worker processes, as a context manager: one that scores, and one that trains for each thread
    count that recipes ask for.

    Where there are GPUs, each training worker has its own, or as many as `gpus_each` says, and there are no
    more workers than that allows. While a trial is scored, the worker that trained it trains the next. A
    worker that is killed costs what it was doing; its pool starts another.
    """

    def __init__(
        self, count: int, store: Path, data_root: Path, example: Path | None, gpus_each: int = 1
    ) -> None:
        self._groups = devices.groups(devices.visible(), gpus_each)
        self._count = min(count, len(self._groups)) if self._groups else count
        self._store, self._data_root, self._example = store, data_root, example
        self._pools: dict[int, ProcessPool] = {}
        self._scorer: ProcessPool | None = None

    def __enter__(self) -> Self:
        shutil.rmtree(self._store / SCRATCH, ignore_errors=True)  # of a campaign that was killed
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        # Results are on disk when a future is done, so nothing is lost by stopping; and a worker that was
        # killed can leave a pool that would wait for it for ever.
        for pool in [*self._pools.values(), *([self._scorer] if self._scorer else [])]:
            pool.stop()
            with contextlib.suppress(TimeoutError):
                pool.join(timeout=JOIN_SECONDS)
        shutil.rmtree(self._store / SCRATCH, ignore_errors=True)

    def submit(self, trial: Trial) -> Future[TrialResult]:
        """Trains in the next free worker with the recipe's threads, then scores."""
        result: Future[TrialResult] = Future()

        def trained(future: Future[TrialResult | None]) -> None:
            with _reported(result):
                ended = future.result()
                if ended is None:
                    _schedule(self._scorers(), _score, (trial, self._store, self._data_root), scored)
                else:
                    result.set_result(ended)

        def scored(future: Future[TrialResult]) -> None:
            with _reported(result):
                result.set_result(future.result())

        self._scorers()
        self.train(trial).add_done_callback(trained)
        return result

    def train(self, trial: Trial) -> Future[TrialResult | None]:
        """Trains in the next free worker with the recipe's threads, and scores nothing."""
        result: Future[TrialResult | None] = Future()

        def trained(future: Future[TrialResult | None]) -> None:
            with _reported(result):
                result.set_result(future.result())

        with _reported(result):
            task = (trial, self._store, self._data_root)
            _schedule(self._trainers(trial.recipe.threads), _train, task, trained)
        return result

    def _trainers(self, threads: int) -> ProcessPool:
        if not _works(self._pools.get(threads)):
            self._pools[threads] = self._pool(self._count, threads, self._groups)
        return self._pools[threads]

    def _scorers(self) -> ProcessPool:
        if self._scorer is None or not _works(self._scorer):
            self._scorer = self._pool(1, threads=1, groups=())
            self._scorer.schedule(_nothing)  # imports TensorFlow while the first trial trains
        return self._scorer

    def _pool(self, count: int, threads: int, groups: Sequence[str]) -> ProcessPool:
        from pebble import ProcessPool

        os.environ.update(ENVIRONMENT)
        return ProcessPool(
            max_workers=count,
            max_tasks=TASKS_A_WORKER,
            context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(os.getpid(), threads, self._store, self._example, groups),
        )


def _works(pool: ProcessPool | None) -> bool:
    """Whether a pool takes tasks; one that a worker killed while idle has broken is ended."""
    if pool is None or pool.active:
        return pool is not None
    pool.stop()
    return False


def _schedule(
    pool: ProcessPool, work: Callable[..., T], task: tuple[Any, ...], done: Callable[[Future[T]], None]
) -> None:
    try:
        future = pool.schedule(work, args=task)
    except RuntimeError as error:  # broken since it was last looked at
        raise trials.InfrastructureError("no worker could be started; see worker-*.log") from error
    future.add_done_callback(done)


@contextlib.contextmanager
def _reported(result: Future[Any]) -> Iterator[None]:
    """What goes wrong goes to whoever waits for the result: a callback has nobody else to tell."""
    try:
        yield
    except BaseException as failure:
        result.set_exception(failure)


def lost(failure: BaseException, folder: Path) -> TrialError | None:
    """The error of a trial that its machine ended, or None where `failure` is something else.

    Args:
      folder: what the trial has left so far.
    """
    from concurrent.futures.process import BrokenProcessPool

    from pebble import ProcessExpired

    if isinstance(failure, ProcessExpired):
        return TrialError(ErrorKind.INFRASTRUCTURE, f"its worker died: {failure}{_killed(failure, folder)}")
    if isinstance(failure, BrokenProcessPool):
        return TrialError(ErrorKind.INFRASTRUCTURE, "no worker could be started; see worker-*.log")
    if isinstance(failure, trials.InfrastructureError):
        return TrialError(ErrorKind.INFRASTRUCTURE, str(failure))
    return None


def _killed(failure: ProcessExpired, folder: Path) -> str:
    """What to do about a worker that was killed: mostly the kernel did, which had no memory left."""
    batch = causes.noted_batch(folder)
    if failure.exitcode != -signal.SIGKILL or batch is None:
        return ""
    return f" (killed; if memory ran out {causes.batch_to_try(batch)}, or fewer --workers)"


def progress_path(store: Path, digest: str) -> Path:
    """Where a running trial says how far it is: `step steps`."""
    return store / digest / "progress"


def _begin(parent: int, threads: int, store: Path, example: Path | None, groups: Sequence[str]) -> None:
    """What a worker does once: everything it prints goes to a log, TensorFlow gets its threads and GPUs."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    (store / SCRATCH).mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(store / SCRATCH)
    log = os.open(store / f"worker-{os.getpid()}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if groups:
        devices.take(store / SCRATCH, groups)
    else:
        devices.hide()
    if example is not None:
        see(example)
    content.require_not_shadowed()
    import tensorflow as tf

    from convergence import official

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    official.quiet()


def see(example: Path) -> None:
    """Has modules imported from a folder: Official Models' where it is a checkout of that, and else only
    those whose names nothing installed has."""
    if (example / "official").is_dir():
        sys.path.insert(0, str(example))
    else:
        sys.path.append(str(example))


def _end_with(parent: int) -> None:
    """Ends this worker when the campaign is gone, however it went: an orphan would train for nobody."""
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)


def _train(trial: Trial, store: Path, data_root: Path) -> TrialResult | None:
    from convergence import training

    path = progress_path(store, trial.digest)
    return training.train(trial, store, data_root, lambda step, steps: _note(path, step, steps))


def _score(trial: Trial, store: Path, data_root: Path) -> TrialResult:
    from convergence import scoring

    return scoring.score(trial, store, data_root)


def _nothing() -> None:
    """Has a worker begin."""


def _note(path: Path, step: int, steps: int) -> None:
    path.write_text(f"{step} {steps}", encoding="utf-8")


Submit = Callable[[Trial], Future[TrialResult]]
