"""Which GPUs a worker trains on: each its own, as workers come and go; nothing where there are none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

VARIABLE = "CUDA_VISIBLE_DEVICES"
DEVICES = Path("/dev")

_held: list[FileLock] = []  # until this process ends, however it ends


def visible() -> list[str]:
    """The GPUs that this process may use, as CUDA names them; those that the user chose, if any were."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return [name for name in chosen.split(",") if name.strip()]
    return sorted(path.name[6:] for path in DEVICES.glob("nvidia*") if path.name[6:].isdigit())


def groups(gpus: Sequence[str], each: int) -> list[str]:
    """The GPUs in groups of `each`, as CUDA takes them; a rest that makes no group is left out."""
    return [",".join(gpus[first : first + each]) for first in range(0, len(gpus) - each + 1, each)]


def take(folder: Path, among: Sequence[str]) -> str:
    """Makes the first free group of GPUs the only one that this process sees, until it ends.

    Args:
      folder: of the locks; the workers that share the GPUs share it.

    Raises:
      RuntimeError: none is free, so that there are more workers than groups.
    """
    for group in among:
        lock = FileLock(folder / f"gpus-{group.replace(',', '-').replace('/', '-')}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            continue
        _held.append(lock)
        os.environ[VARIABLE] = group
        return group
    raise RuntimeError(f"no GPU is free among {'; '.join(among)}")


def hide() -> None:
    """Has this process see no GPU."""
    os.environ[VARIABLE] = ""
