"""The machines and devices that a training runs on, as Official Models' runtime config names them.

Several hosts train one trial together: each runs the same command with a TF_CONFIG that tells it who it is.
"""

from __future__ import annotations

import functools
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MULTI_WORKER = "multi_worker_mirrored"
VARIABLE = "TF_CONFIG"


def helper() -> str:
    """The name of this host among several, `worker-1`; empty for the chief, which leaves what comes of a
    training, and for a host alone."""
    spec = json.loads(os.environ.get(VARIABLE) or "{}")
    task, hosts = spec.get("task", {}), spec.get("cluster", {})
    first = "chief" if "chief" in hosts else "worker"
    alone = not task or (task.get("type"), task.get("index")) == (first, 0)
    return "" if alone else f"{task.get('type')}-{task.get('index')}"


def chief() -> bool:
    """Whether this host is the one that writes what comes of a training; alone it is."""
    return not helper()


@contextmanager
def leaving(folder: Path) -> Iterator[Path]:
    """Where this host leaves what comes of a training: only what the chief leaves is kept.

    All do the same work, since reading a variable that is spread over hosts takes all of them.
    """
    if chief():
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="convergence-") as scratch:
        yield Path(scratch)


def join(runtime: Any) -> None:
    """Meets the other hosts, if the runtime config says that there are any.

    TensorFlow wants that before anything else runs on it, and once a process.

    Raises:
      ValueError: `worker_hosts` without a `task_index`.
    """
    from official.common import distribute_utils

    if runtime.distribution_strategy != MULTI_WORKER:
        return
    if distribute_utils.configure_cluster(runtime.worker_hosts, runtime.task_index) > 1:
        _together(runtime.all_reduce_alg)


def strategy(runtime: Any) -> Any:
    """How a training is spread over devices: `one_device`, `mirrored`, `multi_worker_mirrored`, `tpu` …"""
    from official.common import distribute_utils

    if runtime.distribution_strategy == MULTI_WORKER:
        return _together(runtime.all_reduce_alg)
    return distribute_utils.get_distribution_strategy(
        distribution_strategy=runtime.distribution_strategy,
        num_gpus=runtime.num_gpus,
        all_reduce_alg=runtime.all_reduce_alg,
        num_packs=runtime.num_packs,
        tpu_address=runtime.tpu,
        **runtime.model_parallelism(),
    )


@functools.cache
def _together(all_reduce: str | None) -> Any:
    from official.common import distribute_utils

    return distribute_utils.get_distribution_strategy(
        distribution_strategy=MULTI_WORKER, all_reduce_alg=all_reduce
    )
