"""Faults planted in TFMOT's source, built, installed and trained: each is caught and named.

The margins were fixed before these were written. Some faults only a real training shows; of the others, a
training of twenty steps shows the property that names them. Minutes each; `make test-long`.
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
import tiny

from convergence import records
from convergence.campaign import CampaignResult
from convergence.model import Outcome

pytestmark = [pytest.mark.training, pytest.mark.network, pytest.mark.long]

CORE = "tensorflow_model_optimization/python/core"
PRUNING = f"{CORE}/sparsity/keras/pruning_impl.py"
QUANTIZATION = f"{CORE}/quantization/keras/quant_ops.py"
CLUSTERING = f"{CORE}/clustering/keras/cluster_wrapper.py"
COLLABORATIVE = f"{CORE}/quantization/keras/collab_opts"


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


UNMASKED = {"return tf.group(self._weight_assign_objs())": "return tf.no_op()"}
NEVER_UPDATED = {
    "min_var, range_min, ema_decay": "min_var, range_min, 1.0",
    "max_var, range_max, ema_decay": "max_var, range_max, 1.0",
}
FAULTS = {
    "masks are not applied": Fault(
        "pruning",
        PRUNING,
        UNMASKED,
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
        NEVER_UPDATED,
        frozenset({"ranges-moved"}),
    ),
}
# What holds after twenty steps as well as after any number.
PRUNED = 'schedule = "constant"\nfinal_sparsity = 0.5\nend_step = 10\nfrequency = 2'
TWO_IN_FOUR = 'schedule = "constant"\nsparsity_m_by_n = [2, 4]\nend_step = 10\nfrequency = 2'
SPARSITY = tiny.structural("sparsity", "sparsity", 0.5, 0.002)
SPARSITY_KEPT = tiny.structural("sparsity", "sparsity", 0.5, 0.02)  # and the least weights round to zero
# One more, since the regularizer may move a weight over a rounding step after it was last clustered.
AT_MOST_8 = tiny.structural("clusters-per-channel", "clusters_per_channel", 8, 1, kind="size")
RANGES_MOVED = tiny.structural("ranges-moved", "ranges_moved", 1.0)
AT_ENDS = tiny.structural("weights-at-range-ends", "weights_at_range_ends", 0.0, 0.05)
TINY = {
    "pruning": tiny.stage("pruning/tiny", "uncompressed/tiny", PRUNED, SPARSITY)
    + tiny.stage(
        "pruning/two-four",
        "uncompressed/tiny",
        TWO_IN_FOUR,
        tiny.structural("two-in-four", "two_in_four", 1.0),
    ),
    "clustering": tiny.stage("clustering/tiny", "uncompressed/tiny", "number_of_clusters = 8", AT_MOST_8),
    "quantization": tiny.stage("quantization/tiny", "uncompressed/tiny", "bits = 8", RANGES_MOVED, AT_ENDS),
    "collaborative": tiny.stage(
        "collaborative/pqat", "pruning/tiny", 'preserve = ["sparsity"]', SPARSITY_KEPT, RANGES_MOVED, AT_ENDS
    )
    + tiny.stage("collaborative/cqat", "clustering/tiny", 'preserve = ["clusters"]', AT_MOST_8, RANGES_MOVED),
}
TINY_FAULTS = {
    "masks are not applied": Fault(
        "pruning/tiny",
        PRUNING,
        UNMASKED,
        frozenset({"sparsity"}),
    ),
    "half of the weights are pruned, but not two of every four": Fault(
        "pruning/two-four",
        PRUNING,
        {
            "mask = self._update_mask_sparsity_m_by_n(weights, self._sparsity_m_by_n)": (
                "mask = self._update_mask(weights)[1]"
            )
        },
        frozenset({"two-in-four"}),
    ),
    "weights do not become their centroids": Fault(
        "clustering/tiny",
        CLUSTERING,
        {
            """self.set_weight_to_layer(weight_name,
                               clustered_weights)""": (
                "self.set_weight_to_layer(weight_name, tf.identity(original_weight))"
            )
        },
        frozenset({"clusters-per-channel"}),
    ),
    "clusters are not preserved under quantization": Fault(
        "collaborative/cqat",
        f"{COLLABORATIVE}/cluster_preserve/cluster_preserve_quantize_registry.py",
        {
            """output = weights[CLUSTERING_IMPL].get_clustered_weight(
            weights[PULLING_INDICES], weights[ORIGINAL_WEIGHTS])""": "output = weights[ORIGINAL_WEIGHTS]"
        },
        frozenset({"clusters-per-channel"}),
    ),
    "zeros are not preserved under quantization": Fault(
        "collaborative/pqat",
        f"{COLLABORATIVE}/prune_preserve/prune_preserve_quantize_registry.py",
        {"tf.math.divide_no_nan(weights, weights)": "tf.ones_like(weights)"},
        frozenset({"sparsity"}),
    ),
    "weight ranges are a quarter of what they should be": Fault(
        "quantization/tiny", QUANTIZATION, narrower_by(0.25), frozenset({"weights-at-range-ends"})
    ),
    "activation ranges are never updated": Fault(
        "quantization/tiny",
        QUANTIZATION,
        NEVER_UPDATED,
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


@pytest.mark.parametrize("name", TINY_FAULTS)
def test_the_property_that_names_a_fault_is_what_fails(name: str, out: Path) -> None:
    """And nothing else does: the other promises of the recipe still hold."""
    fault = TINY_FAULTS[name]
    status, result = converge(out / "tiny" / re.sub(r"\W+", "-", name), fault.technique, fault, TINY)
    assert [v.line for v in result.verdicts if "crashed" in v.line or "diverged" in v.line] == []
    failed = {v.claim.name for v in result.verdicts if v.outcome is Outcome.NOT_REPRODUCED}
    assert (status, failed) == (1, fault.caught_by), [v.line for v in result.verdicts]


def test_the_properties_of_the_healthy_source_hold(out: Path) -> None:
    status, result = converge(out / "tiny" / "healthy", "", None, TINY)
    assert status == 0, [v.line for v in result.verdicts]
    assert {v.outcome for v in result.verdicts} == {Outcome.REPRODUCED}
    assert len(result.verdicts) == sum(text.count("[[recipes.claims]]") for text in TINY.values())


def test_the_healthy_source_passes(out: Path) -> None:
    status, result = converge(out / "healthy", "")
    assert status == 0, [v.line for v in result.verdicts]
    assert {v.outcome for v in result.verdicts} == {Outcome.REPRODUCED}


def converge(
    folder: Path, technique: str, fault: Fault | None = None, claims: Mapping[str, str] | None = None
) -> tuple[int, CampaignResult]:
    """Makes the source, and runs the command on it as a user would, on our claims or on those given."""
    from release_tools.sandbox.tfmot_source import Revision, published, write

    source = folder / "tfmot"
    patches = {fault.path: fault.plant} if fault else {}
    if not source.exists():
        write(source, [Revision(published().version, patches=patches)])
    words = ["converge", *([technique] if technique else []), "--source", str(source), "--out", str(folder)]
    if claims is not None:
        words += ["--claims", str(tiny.folder(folder / "claims", claims))]
    script = "from release_tools.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", script, *words], check=False)
    return ran.returncode, records.read(folder / "campaign.json", CampaignResult)
