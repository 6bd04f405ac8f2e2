"""A folder has one campaign at a time, and lets go of it however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from convergence import session
from convergence.errors import UserError

HOLDING = """
import signal, sys, time
from pathlib import Path
from convergence import session
with session.orderly(), session.hold(Path(sys.argv[1])):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background ignores it
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that holds `tmp_path`."""
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_campaign_is_told_who_is_there(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(UserError) as refused, session.hold(tmp_path):
        raise AssertionError("held twice")
    assert refused.value.code == "in-use"
    assert f"process {holder.pid}, since " in str(refused.value)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_holder_that_ended_holds_nothing(
    tmp_path: Path, holder: subprocess.Popen[str], number: signal.Signals
) -> None:
    holder.send_signal(number)
    _, said = holder.communicate()
    expected = -number if number is signal.SIGKILL else 128 + number
    assert (holder.returncode, said) == (expected, "")
    with session.hold(tmp_path):
        assert (tmp_path / session.LOCK).exists()


def test_it_can_be_held_again_and_by_a_folder_that_is_new(tmp_path: Path) -> None:
    for _ in range(2):
        with session.hold(tmp_path / "new" / "folder"):
            assert (tmp_path / "new" / "folder").is_dir()


def test_a_holder_that_left_no_word(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    (tmp_path / session.HOLDER).write_text("{")
    with pytest.raises(UserError, match="by a process that has not said who it is"), session.hold(tmp_path):
        raise AssertionError("held twice")


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="not-writable"), session.hold(tmp_path / "file"):
        raise AssertionError("held a file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="not-writable"), session.hold(tmp_path):
        raise AssertionError("held a read-only folder")


def test_other_errors_are_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError), session.hold(tmp_path):
        raise ConnectionResetError
