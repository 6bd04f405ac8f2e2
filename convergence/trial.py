"""One trial: a recipe, a seed, and everything else that determines the numbers → a TrialResult."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import platform
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from convergence import records
from convergence.model import BASELINE, ErrorKind, Recipe, TrialError, TrialResult, UserError

Progress = Callable[[int, int], None]

HARNESS = (
    "data.py",
    "example/*.py",
    "flatten.py",
    "measure.py",
    "official.py",
    "resume.py",
    "techniques/*.py",
    "trial.py",
    "workers.py",
)
DISTRIBUTIONS = ("tensorflow", "tf-keras", "tf-models-official", "numpy")
NOT_WRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
NOT_EXAMPLE = {"__pycache__", ".git", ".venv"}
NOT_TRAINING = ("claims", "tier", "cost", "cost_unit")  # fields of a recipe that do not change the numbers


class InfrastructureError(Exception):
    """The machine ended a trial, not what was trained: no claim is touched and it may be tried again."""


@dataclass(frozen=True)
class Trial:
    """What is trained.

    Attributes:
      start: digest of the trial whose checkpoint it starts from, or empty.
      content_digest: of the TFMOT that it trains with.
      harness: digest of the code that trains and measures.
      versions: of the libraries that change the numbers, and the kind of machine.
      data: where data come from that the user provides; empty for those that are made here.
    """

    recipe: Recipe
    seed: int
    start: str
    content_digest: str
    harness: str
    versions: Mapping[str, str]
    data: str = ""

    @property
    def digest(self) -> str:
        """Hash of all inputs: equal digests, equal results (on CPU to the last bit)."""
        inputs = asdict(self)
        for name in NOT_TRAINING:
            del inputs["recipe"][name]
        text = json.dumps(inputs, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def result(self, *, error: TrialError | None = None, **found: Any) -> TrialResult:
        """The trial's result: what was found, or why nothing was."""
        nothing = {"metrics": {}, "curve": (), "layers": {}, "seconds": {}, "device": ""}
        return TrialResult(
            digest=self.digest,
            technique=self.recipe.technique,
            recipe=self.recipe.name,
            tier=self.recipe.tier,
            seed=self.seed,
            threads=self.recipe.threads,
            versions=self.versions,
            content_digest=self.content_digest,
            error=error,
            **(nothing | found),
        )


def harness_digest(example: Path | None = None) -> str:
    """Hash of the code that trains and measures: our own, and every file of an example folder."""
    here = Path(__file__).parent
    files = {path.relative_to(here).as_posix(): path for pattern in HARNESS for path in here.glob(pattern)}
    if example is not None:
        found = (path for path in example.rglob("*") if path.is_file() and NOT_EXAMPLE.isdisjoint(path.parts))
        files |= {path.relative_to(example).as_posix(): path for path in found}
    lines = [f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:32]


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that change the numbers, and the kind of machine.

    Raises:
      UserError: missing-extra.
    """
    try:
        found = {name: metadata.version(name) for name in DISTRIBUTIONS}
    except metadata.PackageNotFoundError as error:
        raise missing_extra(error.name) from error
    gpus = len([path for path in Path("/dev").glob("nvidia*") if path.name[6:].isdigit()])
    machine = f"{platform.machine()}, {gpus} GPUs" if gpus else platform.machine()
    return {"python": platform.python_version(), "machine": machine, **found}


def missing_extra(name: str) -> UserError:
    """The error for an environment that cannot train, with the command that mends it."""
    hint = 'install it: pip install "tfmot-release-tools[convergence]"'
    return UserError("missing-extra", f"training needs {name}, which is not installed here", hint=hint)


def seed(recipes: Mapping[str, Recipe], recipe: Recipe, content_digest: str, index: int) -> int:
    """The seed of a recipe's run number `index` (from 0), below 2³¹.

    It follows from the content and from the recipe that the chain of starts begins with, so that nobody
    picks seeds and recipes that start from one uncompressed model share it.
    """
    root = recipe
    while root.start:
        root = recipes[root.start]
    text = f"{root.id}:{content_digest}:{index}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) >> 1


def run(trial: Trial, store: Path, data_root: Path, progress: Progress) -> TrialResult:
    """Trains and measures; a trial that diverges or crashes is a result with an error.

    Files for those who start from it go to `store/<digest>/`; the result itself to `store/<digest>.json`,
    last, so that what has a result is whole.

    Raises:
      UserError: what the user can mend (data, overrides, a full disk); nothing is stored then.
      InfrastructureError: out of memory; nothing is stored then.
    """
    folder = store / trial.digest
    folder.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    try:
        trained = _train(trial, store, data_root, progress, seconds)
        metrics, layers = _measure(trial, trained, store, seconds)
        _require_finite(metrics)
    except UserError:
        raise
    except Exception as failure:  # whatever a technique raises is this trial's result
        (folder / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        result = trial.result(error=_trial_error(failure), seconds=seconds, device=_device())
    else:
        found = {"metrics": metrics, "curve": trained.curve, "layers": layers}
        result = trial.result(seconds=seconds, device=_device(), **found)
    records.write(result_path(store, trial.digest), result)
    return result


def result_path(store: Path, digest: str) -> Path:
    """Where the result of the trial with that digest is stored."""
    return store / f"{digest}.json"


def stored(store: Path, trial: Trial) -> TrialResult | None:
    """The trial's result if it was stored before.

    Raises:
      UserError: not-a-record, also for the result of another trial under this one's name.
    """
    path = result_path(store, trial.digest)
    if not path.exists():
        return None
    result = records.read(path, TrialResult)
    expected = trial.result()
    same = ("digest", "technique", "recipe", "seed", "threads", "versions", "content_digest")
    if any(getattr(result, name) != getattr(expected, name) for name in same):
        raise UserError("not-a-record", f"{path} is the result of another trial", hint="delete the file")
    return result


def _train(trial: Trial, store: Path, data_root: Path, progress: Progress, seconds: dict[str, float]) -> Any:
    from convergence import official

    start = _start(trial, store)
    with _timed(seconds, "training"):
        return official.train(trial.recipe, trial.seed, store / trial.digest, data_root, start, progress)


def _start(trial: Trial, store: Path) -> Path | None:
    """The folder of the checkpoint to start from."""
    if not trial.start:
        return None
    if not (store / trial.start / "checkpoint").exists():
        hint = f"delete {result_path(store, trial.start)} to have it trained again"
        raise UserError("missing-start", f"no checkpoint in {store / trial.start}", hint=hint)
    return store / trial.start


def _require_finite(metrics: Mapping[str, float]) -> None:
    from convergence import official

    for name, value in metrics.items():
        if not math.isfinite(value):
            raise official.DivergedError(f"{name} is {value}")


def _measure(
    trial: Trial, trained: Any, store: Path, seconds: dict[str, float]
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """The finished model's metrics, those of the trial it started from, and each layer's weights."""
    from convergence import measure

    folder = store / trial.digest
    metrics = dict(trained.curve[-1].metrics)
    layers: dict[str, dict[str, float]] = {}
    finished = trained.finished()
    metrics.update(trained.properties(finished))
    batches = trained.test_batches()
    for conversion in trained.conversions():
        with _timed(seconds, f"converting {conversion}"):
            tflite = measure.convert(finished, conversion, trained.calibration())
        (folder / f"{conversion}.tflite").write_bytes(tflite)
        with _timed(seconds, f"measuring {conversion}"):
            weights = measure.weights(tflite)
            found = {"accuracy": measure.accuracy(tflite, batches), **measure.sizes(tflite)}
            found["integer_operators"] = measure.integer_operators(tflite)
        metrics.update({f"tflite_{conversion}_{name}": value for name, value in found.items()})
        layers.update({f"{conversion} {name}": row for name, row in weights.items()})
    if trial.start:
        start = records.read(result_path(store, trial.start), TrialResult)
        metrics.update(
            {BASELINE + name: value for name, value in start.metrics.items() if BASELINE not in name}
        )
    return metrics, layers


def _trial_error(failure: Exception) -> TrialError:
    """What a failure says of the trial; raised instead where it says nothing of it."""
    from convergence import official

    message = f"{type(failure).__name__}: {failure}".splitlines()[0][:500]
    if isinstance(failure, official.DivergedError):
        return TrialError(ErrorKind.DIVERGED, str(failure))
    full = isinstance(failure, OSError) and failure.errno in NOT_WRITABLE
    if full or "No space left on device" in str(failure):
        raise UserError("not-writable", message) from failure
    if isinstance(failure, MemoryError) or "ResourceExhausted" in type(failure).__name__:
        raise InfrastructureError(message) from failure
    return TrialError(ErrorKind.CRASHED, message)


def _device() -> str:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return f"CPU {platform.machine()}"
    return str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU"))


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    finally:
        seconds[phase] = round(time.monotonic() - began, 3)
