"""What a training says of itself: it ran the pull request's code."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import asked
import damage
import record_rules

from convergence.jobs import TRAINING
from convergence.results import Evaluation, Training
from release_tools.jobs import delivery

TRIAL = asked.Asked(Path(tempfile.mkdtemp()), asked.plan()).chain()[-1]
MADE = Training(
    digest=TRIAL.digest,
    metrics=asked.HEALTHY,
    curve=(Evaluation(1, {"accuracy": 0.5}),),
    timings={"input_wait_share": 0.1},
    files={"float": hashlib.sha256(b"x").hexdigest()},
    seconds={"training": 1.0},
    device="CPU",
    versions={"tensorflow": "2.20.0"},
)
EXAMPLES = (record_rules.text(MADE),)
INPUTS = damage.trees([record_rules.plain(one) for one in EXAMPLES])


def read(given: bytes, folder: Path) -> Training:
    return delivery.training(TRIAL, {TRIAL.digest + TRAINING: given})


def holds(value: Training, given: bytes) -> None:
    record_rules.require_same_again(value, Training)
    assert value.digest == TRIAL.digest
