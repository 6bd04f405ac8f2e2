"""Collaborative optimization: quantization-aware training that keeps the zeros or clusters it starts with.

PQAT, CQAT and PCQAT of TFMOT's guides; the start is a recipe of pruning, of clustering, or of clustering that
kept the zeros of pruning.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from official.modeling import hyperparams

from convergence import kernels
from convergence.errors import UserError
from convergence.techniques import quantization

CONVERSIONS = ("int8",)
TRAINS_RANGES = True
SPARSITY, CLUSTERS = "sparsity", "clusters"


@dataclasses.dataclass
class Options(hyperparams.Config):
    """Options of collaborative optimization.

    Attributes:
      preserve: `sparsity` (PQAT), `clusters` (CQAT) or both (PCQAT).
    """

    preserve: list[str] = dataclasses.field(default_factory=lambda: [SPARSITY])


def apply(model: Any, options: Options) -> Any:
    """The model with fake quantization that leaves zeros zero, or weights in their clusters.

    Raises:
      UserError: collaborative-options, unsupported-layer.
    """
    return quantization.quantized(model, _scheme(options))


def train_actions(model: Any, optimizer: Any, options: Options, folder: str) -> Sequence[Any]:
    """Nothing: masks and centroids are applied by the forward pass."""
    return ()


def finish(model: Any, options: Options) -> Any:
    """The model itself, the weights of its clustered layers being their centroids."""
    import tensorflow_model_optimization as tfmot

    if CLUSTERS not in options.preserve:
        return model
    return tfmot.experimental.combine.strip_clustering_cqat(model)


def properties(trained: Any, finished: Any, options: Options) -> Mapping[str, float]:
    """`ranges_moved`, as for quantization; all else the file shows."""
    return quantization.properties(trained, finished, quantization.Options())


def deployed(files: Mapping[str, bytes]) -> Mapping[str, float]:
    """Zeros, `clusters_per_channel` and `ranges_moved` of the integer file."""
    found = kernels.of_file(files, "int8")
    return {
        **kernels.zeros(found),
        "clusters_per_channel": float(kernels.most_values(found)),
        **quantization.deployed(files),
    }


def _scheme(options: Options) -> Any:
    import tensorflow_model_optimization as tfmot

    wanted = set(options.preserve)
    if not wanted or wanted - {SPARSITY, CLUSTERS}:
        what = f"{sorted(options.preserve)} cannot be preserved"
        raise UserError("collaborative-options", what, hint=f"known: {SPARSITY}, {CLUSTERS}, or both")
    combine = tfmot.experimental.combine
    if CLUSTERS in wanted:
        return combine.Default8BitClusterPreserveQuantizeScheme(preserve_sparsity=SPARSITY in wanted)
    return combine.Default8BitPrunePreserveQuantizeScheme()
