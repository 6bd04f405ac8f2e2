"""Several hosts, as two processes on loopback: who is the chief, a training of both, and one that is lost."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from convergence import cluster, records
from convergence.jobs import Chain
from convergence.results import Training
from convergence.trial import Trial

from .conftest import TINY, plain_trial, recipe

TOGETHER = {**TINY, "runtime": {"distribution_strategy": "multi_worker_mirrored", "all_reduce_alg": "ring"}}
HOSTS = {"cluster": {"worker": ["a:1", "b:1"]}}
LED = {"cluster": {"chief": ["a:1"], "worker": ["b:1"]}}


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ({}, ""),
        ({**HOSTS, "task": {"type": "worker", "index": 0}}, ""),
        ({**HOSTS, "task": {"type": "worker", "index": 1}}, "worker-1"),
        ({**LED, "task": {"type": "chief", "index": 0}}, ""),
        ({**LED, "task": {"type": "worker", "index": 0}}, "worker-0"),
    ],
)
def test_the_first_host_is_the_chief(monkeypatch: pytest.MonkeyPatch, spec: Any, name: str) -> None:
    monkeypatch.setenv(cluster.VARIABLE, json.dumps(spec))
    assert (cluster.helper(), cluster.chief()) == (name, not name)


def test_only_the_chief_leaves_something(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(cluster.VARIABLE, raising=False)
    with cluster.leaving(tmp_path) as left:
        assert left == tmp_path
    task = {"task": {"type": "worker", "index": 1}}
    monkeypatch.setenv(cluster.VARIABLE, json.dumps({**HOSTS, **task}))
    with cluster.leaving(tmp_path) as left:
        assert left != tmp_path
        (left / "x").touch()
    assert not left.exists()


def chain(*made: tuple[str, dict[str, Any]]) -> Chain:
    """Trials that follow one another, each on both hosts."""
    trials: list[Trial] = []
    for technique, optimization in made:
        one = replace(recipe(technique, **optimization), overrides=TOGETHER)
        trials.append(plain_trial(one, start=trials[-1].digest if trials else ""))
    return Chain(tuple(trials))


def hosts(folder: Path, wanted: Chain) -> list[subprocess.Popen[bytes]]:
    """Two processes, each told that it is one of two hosts."""
    records.write(folder / "chain.json", wanted)
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        names = [f"127.0.0.1:{found.getsockname()[1]}" for found in (one, other)]
    return [_host(folder, names, index) for index in range(2)]


def _host(folder: Path, names: Sequence[str], index: int) -> subprocess.Popen[bytes]:
    spec = {"cluster": {"worker": names}, "task": {"type": "worker", "index": index}}
    words = ["train", str(folder / "chain.json"), "--store", str(folder / "store")]
    words += ["--data", str(folder / "data"), "--out", str(folder / f"out-{index}")]
    root = str(Path(__file__).parents[2])
    env = os.environ | {cluster.VARIABLE: json.dumps(spec), "PYTHONPATH": root}
    with (folder / f"log-{index}").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "convergence", *words], env=env, cwd=root, stdout=log, stderr=log
        )


@pytest.mark.long
@pytest.mark.training
@pytest.mark.enable_socket
def test_two_hosts_train_a_technique_together(tmp_path: Path) -> None:
    wanted = chain(("uncompressed", {}), ("pruning", {"pruning": {"end_step": 10, "frequency": 2}}))
    started = hosts(tmp_path, wanted)
    ended = [one.wait(600) for one in started]
    assert ended == [0, 0], (tmp_path / "log-0").read_text()[-3000:]
    digest = wanted.trials[-1].digest
    found = records.read(tmp_path / "out-0" / f"{digest}.training.json", Training)
    assert found.metrics["sparsity"] == pytest.approx(0.5, abs=0.001)
    assert list((tmp_path / "out-1").iterdir()) == []


@pytest.mark.long
@pytest.mark.training
@pytest.mark.enable_socket
def test_a_host_that_is_lost_is_no_fault_of_the_training(tmp_path: Path) -> None:
    """The other one ends as a machine that failed does, and nothing is stored of it."""
    chief, other = hosts(tmp_path, chain(("uncompressed", {})))
    while not list((tmp_path / "store").rglob("params.yaml")):
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.5)
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert chief.wait(600) == 4, (tmp_path / "log-0").read_text()[-3000:]
    assert list((tmp_path / "out-0").iterdir()) == []
