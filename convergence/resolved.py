"""What recipes really are once Official Models has resolved them: steps, batches, devices, what they read.

Nothing is trained. `examine` imports TensorFlow; the records can be read without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from convergence.model import STRICT, Recipe
from convergence.needs import Need


@dataclass(frozen=True)
class Experiment:
    """One recipe as it would be trained.

    Attributes:
      recipe: its id.
      name: of the experiment registered with Official Models.
      steps: training steps, each on `batch` examples, with an evaluation after every `interval`.
      strategy: of distribution over devices.
      precision: of the computation.
      needs: what it reads of this machine.
    """

    __pydantic_config__: ClassVar = STRICT

    recipe: str
    name: str
    module: str
    steps: int
    batch: int
    interval: int
    strategy: str
    precision: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Experiments:
    """Those of a campaign, each behind the one that it starts from."""

    __pydantic_config__: ClassVar = STRICT

    experiments: tuple[Experiment, ...]


def examine(recipes: Iterable[Recipe], data_root: Path) -> Experiments:
    """Resolves recipes on this machine; makes no data.

    Raises:
      UserError: those of `official.experiment_config`, but for missing-data.
    """
    return Experiments(tuple(_experiment(recipe, data_root) for recipe in recipes))


def _experiment(recipe: Recipe, data_root: Path) -> Experiment:
    from convergence import needs, official

    config = official.experiment_config(recipe, 0, data_root, None, whole=False)
    return Experiment(
        recipe=recipe.id,
        name=recipe.experiment,
        module=recipe.module,
        steps=config.trainer.train_steps,
        batch=config.task.train_data.global_batch_size,
        interval=config.trainer.validation_interval,
        strategy=config.runtime.distribution_strategy,
        precision=str(config.runtime.mixed_precision_dtype or "float32"),
        needs=() if recipe.data else tuple(needs.of(config)),
    )
