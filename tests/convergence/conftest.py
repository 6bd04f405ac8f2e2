"""A recipe so small that a real training takes seconds, and what every training test needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny

from convergence import trial
from convergence.model import Recipe
from convergence.results import TrialResult
from convergence.trial import Trial

STEPS, TINY = tiny.STEPS, tiny.OVERRIDES
PATHS = [str(Path(__file__).parent), str(Path(tiny.__file__).parent)]  # for processes that import this


def recipe(technique: str = "uncompressed", **optimization: Any) -> Recipe:
    """A few steps on digits with a small ResNet."""
    return Recipe(
        technique=technique,
        name="tiny",
        tier="smoke",
        experiment="mobilenet_digits_mot",
        module="convergence.example",
        start="uncompressed/tiny" if optimization else "",
        optimization=optimization,
        overrides=TINY,
        data="digits",
    )


def plain_trial(made: Recipe, seed: int = 3, start: str = "") -> Trial:
    return Trial(made, seed, start, content_digest="c", harness="h", versions={})


@pytest.fixture(scope="session")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def uncompressed(store: Path, data_root: Path) -> TrialResult:
    """A trained uncompressed model, in `store`."""
    return trial.run(plain_trial(recipe()), store, data_root, lambda step, steps: None)


@pytest.fixture
def optimized(store: Path, data_root: Path, uncompressed: TrialResult) -> Callable[..., TrialResult]:
    """Runs a technique's trial: `optimized("pruning", final_sparsity=0.5)`; from the uncompressed model, or
    `after` another trial."""

    def run(technique: str, after: TrialResult = uncompressed, **options: Any) -> TrialResult:
        made = recipe(technique, **{technique: options})
        started = plain_trial(made, start=after.digest)
        return trial.stored(store, started) or trial.run(started, store, data_root, lambda step, steps: None)

    return run


@pytest.fixture
def untrained(store: Path, data_root: Path, uncompressed: TrialResult) -> Callable[..., TrialResult]:
    """Runs a technique's trial of 0 steps on the uncompressed model."""

    def run(technique: str, **options: Any) -> TrialResult:
        overrides = {**TINY, "trainer": {**TINY["trainer"], "train_steps": 0}}
        made = replace(recipe(technique, **{technique: options}), overrides=overrides)
        started = plain_trial(replace(made, start="uncompressed/tiny"), start=uncompressed.digest)
        return trial.run(started, store, data_root, lambda step, steps: None)

    return run
