"""Full recipes as Official Models resolves them: each builds its experiment, without data or training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convergence import claims, records, resolved
from convergence.model import Recipe
from convergence.needs import Need
from convergence.resolved import Experiment, Experiments

RECIPES = claims.load()
RUNNABLE = [r for r in RECIPES.values() if r.tier == "full" and not r.not_runnable]
ONE = Experiment("t/r", "e", "m", 100, 64, 10, "mirrored", "float32", (Need("data", "/d/*", there=False),))


def test_what_was_resolved_survives_its_file(tmp_path: Path) -> None:
    records.write(tmp_path / "experiments.json", Experiments((ONE,)))
    assert records.read(tmp_path / "experiments.json", Experiments) == Experiments((ONE,))


@pytest.mark.training
@pytest.mark.parametrize("recipe", RUNNABLE, ids=lambda recipe: recipe.id)
def test_every_full_recipe_is_an_experiment_of_official_models(recipe: Recipe) -> None:
    (found,) = resolved.examine([recipe], Path("/nowhere")).experiments
    assert (found.recipe, found.name) == (recipe.id, recipe.experiment)
    trainer: Any = recipe.overrides.get("trainer", {})
    assert found.steps == trainer.get("train_steps", found.steps) > found.interval > 0
    assert found.needs
    assert not any(need.there for need in found.needs)
    assert all(need.path.startswith("/nowhere/") for need in found.needs)


@pytest.mark.training
def test_resolving_makes_no_data(tmp_path: Path) -> None:
    (found,) = resolved.examine([RECIPES["uncompressed/mobilenetv2-digits"]], tmp_path).experiments
    assert (found.steps, found.batch, found.needs) == (450, 64, ())
    assert list(tmp_path.iterdir()) == []
