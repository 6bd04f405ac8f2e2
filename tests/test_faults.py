"""Faults planted in TFMOT's source, built, installed and trained: each is caught and named.

The margins were fixed before these were written. Minutes each; `make test-long`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from convergence import records
from convergence.campaign import CampaignResult
from convergence.model import Outcome

pytestmark = [pytest.mark.training, pytest.mark.network, pytest.mark.long]

CORE = "tensorflow_model_optimization/python/core"
PRUNING = f"{CORE}/sparsity/keras/pruning_impl.py"
QUANTIZATION = f"{CORE}/quantization/keras/quant_ops.py"


@dataclass(frozen=True)
class Fault:
    """A change to one file of TFMOT, and the claims that must not survive it."""

    technique: str
    path: str
    changes: Mapping[str, str]
    caught_by: frozenset[str]

    def plant(self, text: str) -> str:
        for old, new in self.changes.items():
            assert text.count(old) == 1, f"{old!r} is not once in {self.path}"
            text = text.replace(old, new)
        return text


def narrower_by(factor: float) -> dict[str, str]:
    """Multiplies the ranges that weights are quantized within."""
    assigned = {
        "min": "min_var, range_min, name='AssignMinLast'",
        "max": "max_var, range_max, name='AssignMaxLast'",
    }
    return {text: text.replace(f"range_{end}", f"range_{end} * {factor}") for end, text in assigned.items()}


FAULTS = {
    "masks are not applied": Fault(
        "pruning",
        PRUNING,
        {"return tf.group(self._weight_assign_objs())": "return tf.no_op()"},
        frozenset({"sparsity", "sparsity-min-layer", "size"}),
    ),
    "the largest weights are pruned, for their sign is not dropped": Fault(
        "pruning",
        PRUNING,
        {"abs_weights = tf.math.abs(weights)": "abs_weights = weights"},
        frozenset({"accuracy"}),
    ),
    "weight ranges are a quarter of what they should be": Fault(
        "quantization", QUANTIZATION, narrower_by(0.25), frozenset({"accuracy"})
    ),
    "weight ranges are a fifth, which costs 1.3 margins of accuracy": Fault(
        "quantization", QUANTIZATION, narrower_by(0.2), frozenset({"accuracy"})
    ),
    "activation ranges are never updated": Fault(
        "quantization",
        QUANTIZATION,
        {
            "min_var, range_min, ema_decay": "min_var, range_min, 1.0",
            "max_var, range_max, ema_decay": "max_var, range_max, 1.0",
        },
        frozenset({"ranges-moved"}),
    ),
}


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where results go; RELEASE_TOOLS_FAULTS_OUT keeps them for a look."""
    return Path(os.environ.get("RELEASE_TOOLS_FAULTS_OUT") or tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught_and_named(name: str, out: Path) -> None:
    fault = FAULTS[name]
    status, result = converge(out / re.sub(r"\W+", "-", name), fault.technique, fault)
    assert [v.line for v in result.verdicts if "crashed" in v.line or "diverged" in v.line] == []
    failed = {v.claim.name for v in result.verdicts if v.outcome is Outcome.NOT_REPRODUCED}
    assert (status, failed >= fault.caught_by) == (1, True), [v.line for v in result.verdicts]


def test_the_healthy_source_passes(out: Path) -> None:
    status, result = converge(out / "healthy", "")
    assert status == 0, [v.line for v in result.verdicts]
    assert {v.outcome for v in result.verdicts} == {Outcome.REPRODUCED}


def converge(folder: Path, technique: str, fault: Fault | None = None) -> tuple[int, CampaignResult]:
    """Makes the source, and runs the command on it as a user would."""
    from release_tools.sandbox.tfmot_source import Revision, published, write

    source = folder / "tfmot"
    patches = {fault.path: fault.plant} if fault else {}
    if not source.exists():
        write(source, [Revision(published().version, patches=patches)])
    words = ["converge", *([technique] if technique else []), "--source", str(source), "--out", str(folder)]
    script = "from release_tools.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", script, *words], check=False)
    return ran.returncode, records.read(folder / "campaign.json", CampaignResult)
