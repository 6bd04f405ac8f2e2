"""Each worker its own GPUs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from convergence import devices

TAKE = """
import sys
from pathlib import Path
from convergence import devices
print(devices.take(Path(sys.argv[1]), ["0", "1"]))
"""


@pytest.mark.parametrize(
    ("chosen", "there", "found"),
    [
        (None, [], []),
        (None, ["nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm"], ["0", "1"]),
        ("2,5", ["nvidia0"], ["2", "5"]),
        ("GPU-8a,MIG-1/2", [], ["GPU-8a", "MIG-1/2"]),
        ("", ["nvidia0"], []),
    ],
)
def test_the_users_choice_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str | None, there: list[str], found: list[str]
) -> None:
    monkeypatch.setattr(devices, "DEVICES", tmp_path)
    for name in there:
        (tmp_path / name).touch()
    if chosen is None:
        monkeypatch.delenv(devices.VARIABLE, raising=False)
    else:
        monkeypatch.setenv(devices.VARIABLE, chosen)
    assert devices.visible() == found


@pytest.mark.parametrize(
    ("gpus", "each", "groups"),
    [
        ("", 1, []),
        ("01", 1, ["0", "1"]),
        ("0123", 2, ["0,1", "2,3"]),
        ("012", 2, ["0,1"]),
        ("0", 2, []),
    ],
)
def test_gpus_come_in_groups(gpus: str, each: int, groups: list[str]) -> None:
    assert devices.groups(list(gpus), each) == groups


def test_each_process_takes_another_and_gives_it_back_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(devices.VARIABLE, "0,1,2")
    assert devices.take(tmp_path, ["0", "1"]) == "0"
    for _ in range(2):  # the first has ended when the second begins
        ran = subprocess.run(
            [sys.executable, "-c", TAKE, str(tmp_path)], capture_output=True, text=True, check=True
        )
        assert ran.stdout == "1\n"
    assert devices.take(tmp_path, ["0", "1"]) == "1"
    assert devices.visible() == ["1"]
    with pytest.raises(RuntimeError, match="no GPU is free among 0; 1"):
        devices.take(tmp_path, ["0", "1"])
    for lock in devices._held:
        lock.release()
    devices._held.clear()
