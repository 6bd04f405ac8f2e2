"""Measures the judging of 500 artifacts: read, held against the plan, and judged; at most two seconds.

python tests/bench/judging.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import asked
from asked import HEALTHY, Asked

from convergence.results import Evaluation
from release_tools.jobs import judging, scores

ARTIFACTS, RECIPES, LIMIT = 500, 25, 2.0
CURVE = tuple(Evaluation(step, {"accuracy": 0.9, "validation_loss": 0.1}) for step in range(100, 3100, 100))
LAYERS = {f"float {number:03d} CONV_2D": {"sparsity": 0.5, "unique_weights": 512.0} for number in range(60)}


def filled(folder: Path) -> Asked:
    """A request of 25 recipes, each with ten extra runs of two trials."""
    names = [f"tiny-{number}" for number in range(RECIPES)]
    recipes = [
        replace(asked.TINY, name=name, claims=tuple(replace(c, recipe=name) for c in asked.TINY.claims))
        for name in names
    ]
    runs = ARTIFACTS // (RECIPES + 1)
    made = Asked(folder, asked.plan(*recipes, seeds_extra=runs - 1))
    plan = made.subject.campaign()
    for recipe in recipes:
        for index in range(runs):
            for trial in plan.chain(recipe, index):
                made.score(trial.result(metrics=HEALTHY, curve=CURVE, layers=LAYERS, device="CPU"))
    return made


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="jobs-bench-") as name:
        made = filled(Path(name))
        count = len(list(made.scores.iterdir()))
        subject = made.subject
        judging.judge(subject, {}, 1)  # imports
        began = time.perf_counter()
        results = scores.read(made.scores)
        read = time.perf_counter()
        judged = judging.judge(subject, results, 1)
        ended = time.perf_counter()
        assert judged.decided
        print(f"{count} artifacts: read {read - began:.2f} s, judged {ended - read:.2f} s")
        if ended - began > LIMIT:
            sys.exit(f"more than {LIMIT} s")


if __name__ == "__main__":
    main()
