"""One trial: a recipe, a seed, and everything else that determines the numbers; its name and its result."""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar

from convergence import devices, records
from convergence.errors import UserError
from convergence.model import DESCRIPTIVE, STRICT, Recipe
from convergence.results import ErrorKind, TrialError, TrialResult

Progress = Callable[[int, int], None]

LOST = (
    "ResourceExhaustedError",
    "UnavailableError",
    "AbortedError",
)  # of memory, and of a host among several
HARNESS = (
    "batches.py",
    "causes.py",
    "cluster.py",
    "data.py",
    "devices.py",
    "example/*.py",
    "flatten.py",
    "jobs.py",
    "kernels.py",
    "latency.py",
    "layers.py",
    "measure.py",
    "needs.py",
    "official.py",
    "resume.py",
    "scoring.py",
    "stages.py",
    "techniques/*.py",
    "training.py",
    "trial.py",
    "waiting.py",
    "workers.py",
)
DISTRIBUTIONS = ("tensorflow", "tf-keras", "tf-models-official", "numpy")
VECTORS = ("avx2", "avx512f", "avx512_vnni", "amx_tile", "sve")  # as the kernel names them
NOT_WRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
NOT_EXAMPLE = {"__pycache__", ".git", ".venv"}
# Fields of a recipe that do not change the numbers.
NOT_TRAINING = ("claims", "tier", "cost", "cost_unit", *DESCRIPTIVE)


class DivergedError(Exception):
    """What was trained became NaN or left every bound."""


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

    __pydantic_config__: ClassVar = STRICT

    recipe: Recipe
    seed: int
    start: str
    content_digest: str
    harness: str
    versions: Mapping[str, str]
    data: str = ""

    @functools.cached_property
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
    return {"python": platform.python_version(), "machine": _machine(), **found}


def _machine() -> str:
    """What of the machine changes the numbers: its vector instructions and its GPUs."""
    gpus = len(devices.visible())
    flags = set(Path("/proc/cpuinfo").read_text().split()) if Path("/proc/cpuinfo").exists() else set()
    return " ".join(
        [platform.machine(), *(name for name in VECTORS if name in flags)] + [f"{gpus} GPUs"] * bool(gpus)
    )


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
    """Trains and scores, one after the other; errors as for `training.train` and `scoring.score`."""
    from convergence import scoring, training

    return training.train(trial, store, data_root, progress) or scoring.score(trial, store, data_root)


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


def error_of(failure: Exception) -> TrialError:
    """What a failure says of the trial; raised instead where it says nothing of it.

    Raises:
      UserError: not-writable, for a full disk.
      InfrastructureError: out of memory.
    """
    message = f"{type(failure).__name__}: {failure}".splitlines()[0][:500]
    if isinstance(failure, DivergedError):
        return TrialError(ErrorKind.DIVERGED, str(failure))
    full = isinstance(failure, OSError) and failure.errno in NOT_WRITABLE
    if full or "No space left on device" in str(failure):
        raise UserError("not-writable", message) from failure
    if isinstance(failure, MemoryError) or type(failure).__name__ in LOST:
        raise InfrastructureError(message) from failure
    return TrialError(ErrorKind.CRASHED, message)


@contextmanager
def timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    """Notes how long the phase took, however it ended."""
    began = time.monotonic()
    try:
        yield
    finally:
        seconds[phase] = round(time.monotonic() - began, 3)
