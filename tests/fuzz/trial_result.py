"""The result of a trial, which a job with foreign code may have written."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path, PurePath

import asked
import damage
import record_rules

from convergence import records
from convergence.results import Evaluation, TrialResult
from release_tools.jobs import scores

TRIAL = asked.Asked(Path(tempfile.mkdtemp()), asked.plan()).chain()[-1]
RESULT = TRIAL.result(
    metrics=asked.HEALTHY,
    curve=(Evaluation(1, {"accuracy": 0.5}), Evaluation(2, {"accuracy": 0.9})),
    layers={"a/b": {"sparsity": 0.5}},
    seconds={"training": 1.5},
    device="CPU",
    told=("sparsity",),
)
EXAMPLES = (record_rules.text(RESULT), record_rules.text(asked.crashed(TRIAL)))
INPUTS = damage.trees([record_rules.plain(one) for one in EXAMPLES])


def read(given: bytes, folder: Path) -> TrialResult:
    result = records.parse(given, TrialResult, PurePath("result.json"))
    scores.require_result(TRIAL, result)
    return result


def holds(value: TrialResult, given: bytes) -> None:
    record_rules.require_same_again(value, TrialResult)
    expected = TRIAL.result()
    assert all(getattr(value, name) == getattr(expected, name) for name in scores.SAME)
    assert all(
        map(math.isfinite, [*value.metrics.values(), *value.timings.values(), *value.seconds.values()])
    )
    assert all(len(name) <= 120 and name.isprintable() for name in value.metrics)
    assert len(value.curve) <= scores.MOST_POINTS
