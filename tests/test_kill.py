"""A campaign killed again and again ends with the numbers of one left alone. Minutes; `make test-long`."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from convergence import records
from convergence.campaign import CampaignResult
from convergence.results import TrialResult

pytestmark = [pytest.mark.training, pytest.mark.long]

KILLS = 10
RECIPE = """
[[recipes]]
name = "{name}"
tier = "smoke"
experiment = "mobilenet_digits_mot"
module = "convergence.example"
data = "digits"
{start}

[recipes.overrides.trainer]
train_steps = 60
steps_per_loop = 5
validation_interval = 15
[recipes.overrides.trainer.optimizer_config.learning_rate.cosine]
decay_steps = 60
"""
PRUNING = """
[recipes.optimization.pruning]
end_step = 40

[[recipes.claims]]
name = "sparsity"
kind = "exact"
metric = "sparsity"
target = 0.5
margin = 0.01
source = "the recipe"
measured = "asked for"
"""


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """Claim files of a short pruning recipe."""
    folder = tmp_path / "claims"
    folder.mkdir()
    (folder / "uncompressed.toml").write_text(RECIPE.format(name="short", start=""))
    start = 'start = "uncompressed/short"'
    (folder / "pruning.toml").write_text(RECIPE.format(name="short", start=start) + PRUNING)
    return folder


def started(folder: Path, claims: Path, data: Path) -> subprocess.Popen[bytes]:
    words = ["run", "--claims", str(claims), "--out", str(folder), "--data", str(data)]
    return subprocess.Popen([sys.executable, "-P", "-m", "convergence", *words], start_new_session=True)


def found(folder: Path) -> tuple[CampaignResult, list[TrialResult]]:
    result = records.read(folder / "campaign.json", CampaignResult)
    return result, [records.read(folder / "trials" / f"{name}.json", TrialResult) for name in result.trials]


def test_ten_kills_change_no_number(tmp_path: Path, claims: Path) -> None:
    alone = started(tmp_path / "alone", claims, tmp_path / "data")
    assert alone.wait() == 0
    moments = random.Random(7)
    kills = 0
    while kills < KILLS:
        process = started(tmp_path / "killed", claims, tmp_path / "data")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=moments.uniform(5, 45))
        if process.poll() is not None:
            (tmp_path / "killed").rename(tmp_path / f"finished-{kills}")
            continue
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
    assert started(tmp_path / "killed", claims, tmp_path / "data").wait() == 0
    for folder in [tmp_path / "killed", *tmp_path.glob("finished-*")]:
        (result, trials), (expected, whole) = found(folder), found(tmp_path / "alone")
        assert result.verdicts == expected.verdicts
        assert [(t.digest, t.metrics, t.curve, t.layers) for t in trials] == [
            (t.digest, t.metrics, t.curve, t.layers) for t in whole
        ]
