"""Worker processes, for real: they train, they die alone, and they do not outlive the campaign."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from convergence import workers
from convergence.results import ErrorKind

from .conftest import PATHS, plain_trial, recipe

pytestmark = pytest.mark.training

ORPHANS = """
import os, sys, signal
from pathlib import Path
sys.path[:0] = {paths!r}
from conftest import plain_trial, recipe
from convergence.workers import Workers
if __name__ == "__main__":
    pool = Workers(1, Path(sys.argv[1]), Path(sys.argv[2]), None)
    pool.submit(plain_trial(recipe()))
    print("working", flush=True)
    signal.pause()
"""


def children(pid: int) -> list[psutil.Process]:
    """Worker processes of a process; not multiprocessing's own resource tracker."""
    below = psutil.Process(pid).children(recursive=True)
    return [child for child in below if "spawn_main" in " ".join(child.cmdline())]


def test_a_killed_worker_costs_one_trial(tmp_path: Path, data_root: Path) -> None:
    """And the trial that is tried again comes to what one comes to that nobody killed, to the last bit."""
    digest = plain_trial(recipe()).digest
    with workers.Workers(1, tmp_path / "calm", data_root, None) as pool:
        calm = pool.submit(plain_trial(recipe())).result()
    with workers.Workers(1, tmp_path, data_root, None) as pool:
        killed = pool.submit(plain_trial(recipe()))
        while not workers.progress_path(tmp_path, digest).exists():
            assert not killed.done()
        for child in children(os.getpid()):
            child.kill()
        failure = killed.exception()
        assert failure is not None
        error = workers.lost(failure, tmp_path / digest)
        assert error is not None
        assert error.kind is ErrorKind.INFRASTRUCTURE
        assert "killed; if memory ran out with a batch of 64: try 32 (" in error.message
        again = pool.submit(plain_trial(recipe())).result()
    assert dict(again.metrics) == dict(calm.metrics)
    assert workers.progress_path(tmp_path, again.digest).read_text() == "20 20"
    assert children(os.getpid()) == []


def test_workers_end_when_the_campaign_is_killed(tmp_path: Path, data_root: Path) -> None:
    script = tmp_path / "campaign.py"
    script.write_text(ORPHANS.format(paths=PATHS))
    command = [sys.executable, str(script), str(tmp_path / "store"), str(data_root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    while not (orphans := children(process.pid)):
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    gone, alive = psutil.wait_procs(orphans, timeout=60)
    assert alive == []
    assert gone


@pytest.mark.parametrize(("package", "first"), [("official", True), ("my_example", False)])
def test_a_checkout_of_official_models_takes_the_place_of_the_installed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, *, first: bool
) -> None:
    (tmp_path / package).mkdir()
    monkeypatch.setattr(sys, "path", ["ours"])
    workers.see(tmp_path)
    assert sys.path == ([str(tmp_path), "ours"] if first else ["ours", str(tmp_path)])
