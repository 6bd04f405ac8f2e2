"""What kernels show of a technique: zeros, patterns of zeros, shared values, ranges; channels come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Kernel = npt.NDArray[Any]
DEPTHWISE = "DEPTHWISE"
GROUP, LEAST_ZEROS = 4, 2


def of_file(files: Mapping[str, bytes], conversion: str) -> list[Kernel]:
    """The constants of a TFLite file's convolutions and dense layers, depthwise ones left out.

    Raises:
      ValueError: there is no such file.
    """
    from convergence import measure

    if conversion not in files:
        raise ValueError(f"training left no {conversion} file that shows its weights")
    return [kernel for name, kernel in measure.kernels(files[conversion]).items() if DEPTHWISE not in name]


def zeros(kernels: Sequence[Kernel]) -> dict[str, float]:
    """`sparsity`: fraction of zeros over all kernels; `sparsity_min_layer`: in the one with the fewest."""
    if not kernels or not all(kernel.size for kernel in kernels):
        return {"sparsity": 0.0, "sparsity_min_layer": 0.0}
    found = [int(np.sum(kernel == 0)) for kernel in kernels]
    sizes = [kernel.size for kernel in kernels]
    least = min(count / size for count, size in zip(found, sizes, strict=True))
    return {"sparsity": sum(found) / sum(sizes), "sparsity_min_layer": least}


def two_in_four(kernels: Sequence[Kernel]) -> float:
    """Fraction of the whole groups of four consecutive input channels with at least two zeros."""
    kept = total = 0
    for kernel in kernels:
        rows = kernel.reshape(-1, kernel.shape[-1])
        whole = rows.shape[1] // GROUP * GROUP
        groups = rows[:, :whole].reshape(-1, GROUP)
        kept += int(np.sum(np.sum(groups == 0, axis=1) >= LEAST_ZEROS))
        total += len(groups)
    return kept / total if total else 0.0


def most_values(kernels: Sequence[Kernel], *, per_channel: bool = True) -> int:
    """The most different values that the weights of one output channel have, or else of one kernel."""
    parts = [part for kernel in kernels for part in (kernel if per_channel else [kernel])]
    return max((int(np.unique(part).size) for part in parts), default=0)


def at_range_ends(kernels: Sequence[Kernel]) -> float:
    """Fraction of integer weights that lie at an end of the range, but for one a channel, which sets it.

    Ranges as wide as their channel have next to none; narrower ones cut off all that lies beyond.
    """
    top = max((int(np.abs(kernel.astype(np.int64)).max(initial=0)) for kernel in kernels), default=0)
    total = sum(kernel.size for kernel in kernels)
    at_ends = [np.sum(np.abs(part.astype(np.int64)) == top) for kernel in kernels for part in kernel]
    return float(sum(max(int(found) - 1, 0) for found in at_ends)) / total if top and total else 0.0
