"""One leg of a run: trains in a box until it is done or told to stop; takes out only what is expected."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import convergence
from convergence import records
from convergence.errors import UserError
from convergence.jobs import Chain, foreign
from convergence.trial import Trial
from convergence.workers import ENVIRONMENT
from release_tools import cache, shell
from release_tools.jobs import artifacts, delivery
from release_tools.jobs.isolation import Box, Isolation
from release_tools.jobs.subject import Subject
from release_tools.jobs.waves import Run
from release_tools.wheel import environment

DONE, BAD_INPUT, MACHINE, TO_BE_CONTINUED = 0, 2, 4, 75
BAD, MACHINE_FAILED = "bad-input", "machine-failed"  # codes of errors
STOPPED = {128 + signal.SIGTERM, 128 + signal.SIGINT, -signal.SIGTERM, -signal.SIGINT}
TAIL = 8192
LINKED = (
    "ctypes",
    "ssl",
    "zlib",
    "bz2",
    "lzma",
    "ml_dtypes",
)  # what of Python and TensorFlow is linked to libraries


@dataclass(frozen=True)
class Leg:
    """What `converge-train` was asked for.

    Attributes:
      models: the checkout under test; None where no recipe needs it.
      store: under which each subject has a volume of its own.
    """

    subject: Subject
    run: Run
    models: Path | None
    data: Path
    store: Path
    out: Path
    log: Path
    isolation: Isolation
    minutes: float | None = None

    @property
    def foreign(self) -> list[str]:
        """The modules that it takes from the checkout under test."""
        return [one.recipe.module for one in self.run.chain if foreign(one.recipe.module)]

    @property
    def volume(self) -> Path:
        """What this run's code may write to; no other code has the same, nor what requires other packages."""
        requires = ",".join(sorted(self.subject.requires))
        key = f"{self.subject.content_digest}:{requires}:{self.run.chain[0].harness}"
        return self.store / hashlib.sha256(key.encode()).hexdigest()[:32]


def train(leg: Leg) -> int:
    """Trains; the exit status: DONE, or TO_BE_CONTINUED by the same command.

    Raises:
      UserError: bad-artifact for what training left; bad-input or machine-failed, with what it said.
    """
    try:
        return _train(leg)
    except SystemExit as ended_early:  # by a signal, while something else than training went on
        if ended_early.code in STOPPED:
            return TO_BE_CONTINUED
        raise


def _train(leg: Leg) -> int:
    _require(leg)
    require_image(leg.isolation)
    python = environment.create(leg.subject.wheel)
    prepare_data(leg.run.chain, leg.data)
    for folder in (leg.volume, leg.out, leg.log.parent):
        cache.make_folder(folder)
    with tempfile.TemporaryDirectory(prefix="release-tools-") as name:
        scratch = Path(name)
        left = scratch / "left"
        left.mkdir()
        records.write(scratch / "chain.json", Chain(leg.run.chain))
        status = run(_box(leg, python, scratch, left), leg.isolation, scratch, leg.log, leg.minutes)
        if status in STOPPED:
            return TO_BE_CONTINUED
        if status:
            raise ended(BAD if status == BAD_INPUT else MACHINE_FAILED, status, leg.log)
        _take(leg, left)
    return DONE


def _require(leg: Leg) -> None:
    """Refuses, before anything runs, what could not work."""
    if leg.foreign and leg.models is None:
        hint = "give its checkout: --models"
        raise UserError("no-models", f"{leg.foreign[0]} is in the pull request", hint=hint)
    allowed = delivery.names(leg.run.chain)
    others = [path.name for path in leg.out.iterdir() if not allowed(path.name)] if leg.out.is_dir() else []
    if others:
        raise UserError("not-empty", f"{leg.out} holds {others[0]}", hint="give a folder of its own")


def require_image(kept: Isolation) -> None:
    """Makes sure that a container starts, and that the image has the libraries that this Python is linked to.

    Raises:
      UserError: bad-image, with what is missing: only the engine and code of ours have spoken.
    """
    if not kept.engine:
        return
    with tempfile.TemporaryDirectory(prefix="release-tools-") as name:
        scratch = Path(name)
        words = (sys.executable, "-I", "-c", f"import {', '.join(LINKED)}")
        box = Box(words, (*interpreter(), *own_environment()), (), harness())
        if run(box, kept, scratch, scratch / "log"):
            said = (_tail(scratch / "log").strip().splitlines() or ["it says nothing"])[-1]
            hint = "runners.image: of this machine's own distribution, with Python's libraries and libstdc++"
            raise UserError("bad-image", said[:300], where=kept.image, hint=hint)


def prepare_data(chain: tuple[Trial, ...], data: Path) -> None:
    """Makes the data sets of ours that are missing: what trains may not write there.

    Raises:
      UserError: those of `convergence.data`.
    """
    missing = {one.recipe.data for one in chain if one.recipe.data and not (data / one.recipe.data).is_dir()}
    if not missing:
        return
    cache.make_folder(data)
    with tempfile.TemporaryDirectory(prefix="release-tools-") as name:
        scratch = Path(name)
        words = ("-P", "-m", "convergence", "prepare", *sorted(missing), "--data", str(data))
        box = Box((sys.executable, *words), (), (data,), harness(), ENVIRONMENT)
        status = run(box, Isolation(""), scratch, scratch / "log")
        if status:
            raise ended("no-data", status, scratch / "log")


def _box(leg: Leg, python: Path, scratch: Path, left: Path) -> Box:
    words = [str(python), "-P", "-m", "convergence", "train", str(scratch / "chain.json")]
    words += ["--store", str(leg.volume), "--data", str(leg.data), "--out", str(left)]
    models = leg.models if leg.foreign else None
    words += ["--example", str(models)] if models else []
    read = [*interpreter(), python.parents[1], leg.data, scratch / "chain.json"]
    read += [models] if models else []
    return Box(tuple(words), tuple(read), (leg.volume, left), harness(), ENVIRONMENT)


def interpreter() -> list[Path]:
    """The folders of the Python that environments are layered on."""
    return [Path(sys.base_prefix).resolve(), *environment.with_tensorflow().folders]


def own_environment() -> list[Path]:
    """The virtual environment that we run in, if it is one."""
    folder = Path(sys.executable).parents[1]
    return [folder] if (folder / "pyvenv.cfg").exists() else []


def harness() -> Path:
    """The folder of our code that trains and measures."""
    return Path(str(convergence.__file__)).resolve().parent


def run(box: Box, kept: Isolation, scratch: Path, log: Path, minutes: float | None = None) -> int:
    """Runs the program with all that it says in a file, where it can tell nobody what to do; its status."""
    words, env = kept.words(box), kept.environment(box, scratch)
    with _no_longer_than(minutes):
        return shell.attached(words, env=env, log=log)


@contextmanager
def _no_longer_than(minutes: float | None) -> Iterator[None]:
    """Ends a leg as SIGTERM from outside would."""
    if minutes is None:
        yield
        return
    timer = threading.Timer(60 * minutes, os.kill, (os.getpid(), signal.SIGTERM))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def ended(code: str, status: int, log: Path) -> UserError:
    """Why there is no result: what our own code said last, if it did."""
    said = [line for line in _tail(log).splitlines() if line.startswith("error[")]
    if status in {BAD_INPUT, MACHINE} and said:
        return UserError(code, said[-1][:500], where=str(log))
    return UserError(code, f"it ended with status {status}", where=str(log))


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL))
        return file.read().decode("utf-8", errors="replace")


def _take(leg: Leg, left: Path) -> None:
    """Copies what the trials left, if it is what they are expected to leave and nothing else."""
    found = artifacts.deliveries(left, delivery.names(leg.run.chain))
    files: Mapping[str, bytes] = found[0].files if found else {}
    delivery.require_whole(leg.run.chain, files)
    cache.write_all({leg.out / name: content for name, content in files.items()})
