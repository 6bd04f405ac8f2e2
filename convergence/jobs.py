"""One run as a job of a fleet does it: its trials are trained, or what they left is scored.

Training leaves its files under names that say which trial they are of; scoring loads no module but ours.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from filelock import FileLock

from convergence import claims, cluster, records, trial, workers
from convergence.errors import UserError
from convergence.model import STRICT, Recipe
from convergence.results import Training, TrialResult
from convergence.trial import InfrastructureError, Trial, result_path

TEST_SETS = {"digits": ("convergence.example", "mobilenet_digits_mot")}
TRAINING, FAILURE = ".training.json", ".failure.json"  # behind a trial's digest


@dataclass(frozen=True)
class Chain:
    """A run: the trials from the uncompressed one on, each starting from the one before."""

    __pydantic_config__: ClassVar = STRICT

    trials: tuple[Trial, ...]


def foreign(module: str) -> bool:
    """Whether a module that recipes name comes from a checkout under test, be it in Official Models' package.

    Our own modules, and those that our claim files name, are installed, whatever a pull request holds.
    """
    return module.partition(".")[0] != "convergence" and module not in _installed()


@functools.cache
def _installed() -> frozenset[str]:
    return frozenset(recipe.module for recipe in claims.load().values())


def train(chain: Chain, volume: Path, data_root: Path, example: Path | None, out: Path) -> None:
    """Trains what the volume lacks, and puts what each trial left into `out`; stops at one that failed.

    What other libraries or another kind of machine trained is kept apart, and not gone on with. Of several
    hosts that train together, which share the volume, the chief leaves the files.

    Raises:
      UserError: what the user can mend.
      InfrastructureError: the machine ended it; the same call goes on.
    """
    from convergence import training

    versions = json.dumps(trial.versions(), sort_keys=True)
    store = volume / hashlib.sha256(versions.encode()).hexdigest()[:16]
    store.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    with workers.Workers(1, store, data_root, example) as pool:
        for one in chain.trials:
            # Runs of two recipes may share their start; hosts that train together do it at the same time.
            with FileLock(store / f"{one.digest}{cluster.helper()}.lock"):
                failed = trial.stored(store, one)
                if failed is None and not training.is_trained(one, store):
                    failed = _trained(pool, one, store)
            if not cluster.chief():
                continue
            if failed is not None:
                shutil.copyfile(result_path(store, one.digest), out / f"{one.digest}{FAILURE}")
                return
            folder = store / one.digest
            for conversion in records.read(folder / training.FILE, Training).files:
                shutil.copyfile(folder / f"{conversion}.tflite", out / f"{one.digest}.{conversion}.tflite")
            shutil.copyfile(folder / training.FILE, out / f"{one.digest}{TRAINING}")


def _trained(pool: workers.Workers, one: Trial, store: Path) -> TrialResult | None:
    try:
        return pool.train(one).result()
    except BaseException as failure:
        error = workers.lost(failure, store / one.digest)
        if error is None:
            raise
        raise InfrastructureError(error.message) from failure


def score(chain: Chain, store: Path, data_root: Path) -> None:
    """Scores each trial that has a training in `store/<digest>/`, and stores its result beside.

    Raises:
      UserError: foreign-test-data, before anything is scored; those of `scoring.score`.
    """
    from convergence import scoring

    sets = [test_set(one.recipe) for one in chain.trials]
    for one, tested_on in zip(chain.trials, sets, strict=True):
        if (store / one.digest).is_dir():
            scoring.score(one, store, data_root, tested_on)


def test_set(recipe: Recipe) -> Recipe:
    """The recipe by which a trial's test data are read: its own, unless that needs foreign code.

    Raises:
      UserError: foreign-test-data.
    """
    if not foreign(recipe.module):
        return recipe
    if recipe.data not in TEST_SETS:
        what = f"only the pull request's module {recipe.module} knows its test data"
        hint = f"name data of ours, data = one of {', '.join(TEST_SETS)}, or an experiment of official.vision"
        raise UserError("foreign-test-data", what, where=recipe.id, hint=hint)
    module, experiment = TEST_SETS[recipe.data]
    return replace(recipe, module=module, experiment=experiment, overrides={}, optimization={})
