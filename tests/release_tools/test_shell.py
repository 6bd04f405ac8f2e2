from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import shell


def test_gives_status_and_output() -> None:
    script = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    ran = shell.run([sys.executable, "-c", script], check=False)
    assert (ran.status, ran.out, ran.err) == (3, "out\n", "err\n")


def test_passes_stdin_folder_environment_and_umask(tmp_path: Path) -> None:
    script = "import os, sys; open('file', 'w').write(sys.stdin.read() + os.environ['WORD'])"
    shell.run([sys.executable, "-c", script], cwd=tmp_path, env={"WORD": "b"}, stdin="a", umask=0o077)
    made = tmp_path / "file"
    assert (made.read_text(), made.stat().st_mode & 0o777) == ("ab", 0o600)


def test_bytes_pass_as_they_are() -> None:
    content = bytes(range(256)) + b"\r\n"
    ran = shell.run_bytes(["cat"], stdin=content)
    assert (ran.status, ran.out, ran.err) == (0, content, b"")


def test_text_has_one_kind_of_line_end() -> None:
    script = "import sys; sys.stdout.buffer.write(bytes([97, 13, 10, 98, 13, 99, 255]))"
    assert shell.run([sys.executable, "-c", script]).out == "a\nb\nc\ufffd"


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (["no-such-program-here"], "missing-program", "no-such-program-here was not found"),
        ([sys.executable, "-c", "raise SystemExit('planted')"], "command-failed", "planted"),
    ],
)
def test_errors_are_for_people(command: list[str], code: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        shell.run(command)
    assert caught.value.code == code


def test_timeout_ends_grandchildren_too(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(2); pathlib.Path({str(alive)!r}).touch()"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    started = time.monotonic()
    with pytest.raises(UserError, match="did not finish within 1 s"):
        shell.run([sys.executable, "-c", script], timeout=1)
    assert time.monotonic() - started < 2
    time.sleep(1.5)
    assert not alive.exists()


def test_told_again_to_end_nothing_is_left_running(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[int] = []

    def impatient(process: subprocess.Popen[bytes]) -> None:
        asked.append(process.pid)
        raise KeyboardInterrupt

    def interrupted() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(shell, "_ask_to_end", impatient)
    with pytest.raises(KeyboardInterrupt):
        shell.run(["sleep", "60"], until=interrupted)
    with pytest.raises(ProcessLookupError):
        os.kill(asked[0], 0)


@pytest.mark.parametrize("one", shell.ENDINGS)
def test_nobody_is_heard_while_uninterrupted(one: signal.Signals) -> None:
    before = signal.getsignal(one)
    with shell.uninterrupted():
        os.kill(os.getpid(), one)
    assert signal.getsignal(one) is before


def test_undecodable_output_is_no_traceback() -> None:
    ran = shell.run([sys.executable, "-c", "import os; os.write(1, bytes([255, 10]))"])
    assert ran.out == "\ufffd\n"


def test_environment_holds_only_what_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_TOKEN", "PIP_CERT", "HOME"):
        monkeypatch.setenv(name, "x")
    always = {"LANG", "LD_LIBRARY_PATH"}
    assert set(shell.environment("HOME", prefixes=("PIP_C",))) - always == {"PATH", "HOME", "PIP_CERT"}
    assert set(shell.environment()) - always == {"PATH"}


@pytest.mark.parametrize(
    ("out", "err", "tail"),
    [("a\nb\n", "", "b"), ("a", "b\n\nc\n \n", "c"), ("", "", "")],
)
def test_tail(out: str, err: str, tail: str) -> None:
    assert shell.Finished((), 1, out, err).tail(1) == tail


DAEMON = (
    "import subprocess; subprocess.Popen(['sleep', '5'], start_new_session=True); print('x', flush=True)\n"
)


def test_a_daemon_that_holds_the_output_is_not_waited_for() -> None:
    started = time.monotonic()
    assert shell.run([sys.executable, "-c", DAEMON]).out == "x\n"
    with pytest.raises(UserError, match="did not finish within 1 s"):
        shell.run([sys.executable, "-c", DAEMON + "import time; time.sleep(9)"], timeout=1)
    assert time.monotonic() - started < 4


def test_much_output_and_input() -> None:
    script = "import sys; sys.stdout.write(sys.stdin.read() * 2)"
    assert len(shell.run([sys.executable, "-c", script], stdin="x" * 2**20).out) == 2**21
