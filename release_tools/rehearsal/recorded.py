"""Results of trials that were really trained in a rehearsal, for one that shall not take so long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from convergence import records
from convergence.errors import UserError
from convergence.results import Evaluation, TrialResult
from convergence.trial import Trial
from release_tools.jobs import scores, subject
from release_tools.jobs.subject import Subject
from release_tools.plan import Plan

FILE = Path(__file__).with_name("recorded.json")
WHOLE, REGRESSED = "whole", "regressed"
KEPT = ("metrics", "curve", "layers", "seconds", "timings", "told", "device")


def score(folder: Path, matrix: Iterable[Mapping[str, Any]], *, regressed: bool) -> None:
    """Write into `scores` what the runs of a matrix came to, in place of training and scoring them.

    Args:
      folder: of a run of the workflow, with its plan and wheel.
      regressed: whether TFMOT is the broken one.

    Raises:
      UserError: not-recorded, for a recipe that no recorded rehearsal has trained.
    """
    tested = _subject(folder)
    known = json.loads(FILE.read_text(encoding="utf-8"))[REGRESSED if regressed else WHOLE]
    for one in matrix:
        for trial in _chain(tested, str(one["recipe"]), int(one["index"])):
            told = _told(known, trial, int(one["index"]))
            records.write(folder / "scores" / f"{trial.digest}.json", trial.result(**told))


def keep(runs: Sequence[tuple[Path, bool]], path: Path = FILE) -> None:
    """Write down what the trials of these runs came to; of each, whether TFMOT was the broken one."""
    found: dict[str, dict[str, list[Any]]] = {WHOLE: {}, REGRESSED: {}}
    for folder, regressed in runs:
        tested, results = _subject(folder), scores.read(folder / "scores")
        into = found[REGRESSED if regressed else WHOLE]
        for recipe in sorted(tested.plan.recipes):
            into.setdefault(recipe, _kept(tested, recipe, results))
    path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _kept(tested: Subject, recipe: str, results: Mapping[str, TrialResult]) -> list[Any]:
    """The recipe's own trials, from the first run on, as long as there are any."""
    made: list[Any] = []
    while trial := next((t for t in _trials(tested, recipe, len(made)) if t.digest in results), None):
        whole = json.loads(records.text(results[trial.digest]))
        made.append({name: whole[name] for name in KEPT})
    return made


def _trials(tested: Subject, recipe: str, index: int) -> list[Trial]:
    """All trials of that recipe in the runs of that index: its own, and those that others start from."""
    found = [trial for name in tested.plan.recipes for trial in _chain(tested, name, index)]
    return [trial for trial in found if trial.recipe.id == recipe]


def _told(known: Mapping[str, Sequence[Any]], trial: Trial, index: int) -> dict[str, Any]:
    runs = known.get(trial.recipe.id)
    if not runs:
        what = f"nothing is recorded of {trial.recipe.id}"
        raise UserError("not-recorded", what, hint="rehearse it with training")
    told = dict(runs[index % len(runs)])
    told["curve"] = tuple(Evaluation(one["step"], one["metrics"]) for one in told["curve"])
    told["told"] = tuple(told["told"])
    return told


def _chain(tested: Subject, recipe: str, index: int) -> Sequence[Trial]:
    return tested.campaign().chain(tested.plan.recipes[recipe], index)


def _subject(folder: Path) -> Subject:
    return subject.read(records.read(folder / "plan" / "plan.json", Plan), folder / "wheel")
