"""A file of claims, whose text may be from a pull request."""

from __future__ import annotations

import math
from pathlib import Path, PurePath

import damage

from convergence import claims, records
from convergence.claims import NAME, TIERS
from convergence.model import WITHOUT_STATISTICS, Recipe

OURS = Path(claims.__file__).parent
FILE = PurePath("pruning.toml")
EXAMPLES = (
    """\
[[recipes]]
name = "imagenet"
tier = "full"
experiment = "mobilenet_imagenet"
module = "official.vision"
cost = 56.0
cost_unit = "GPU-hours"
optimization = { pruning = { final_sparsity = 0.5 } }
overrides.task.train_data.seed = 1

[[recipes.claims]]
name = "accuracy"
kind = "at least"
metric = "accuracy"
target = 74.4
margin = 0.5
unit = "%"
source = "a guide"
measured = "one run"
sigma = 0.1
sigma_dof = 5
sigma_from = "a paper"
headline = true
""",
    (OURS / "quantization.toml").read_text(encoding="utf-8")[:9000].rpartition("[[recipes]]")[0],
)
INPUTS = damage.texts(EXAMPLES)


def read(given: str, folder: Path) -> list[Recipe]:
    return claims.parse(FILE, given)


def holds(value: list[Recipe], given: str) -> None:
    for recipe in value:
        assert recipe.technique == FILE.stem
        assert NAME.fullmatch(recipe.name)
        assert recipe.tier in TIERS
        assert 0 <= recipe.cost < math.inf
        again = records.parse(records.text(recipe).encode(), Recipe, FILE)
        assert again == recipe
        assert len({claim.name for claim in recipe.claims}) == len(recipe.claims)
        for claim in recipe.claims:
            assert NAME.fullmatch(claim.name)
            assert math.isfinite(claim.target)
            assert claim.margin > 0 or (claim.margin == 0 and claim.kind in WITHOUT_STATISTICS)
            assert not claim.references
