"""What the process says and ends with, for each way in which a command can fail."""

from __future__ import annotations

import errno
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from convergence.errors import PASSING, UserError
from release_tools import cli


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """As they were: the command line sets how these end it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("failure", "status", "line"),
    [
        (UserError("policy", "is not TOML"), 2, "error[policy]: is not TOML"),
        (click.UsageError("no such option: --x"), 2, "error[usage]: no such option: --x; --help says more"),
        *((UserError(code, "no answer"), 4, f"error[{code}]: no answer") for code in sorted(PASSING)),
        (KeyboardInterrupt(), 130, ""),
        (
            OSError(errno.ENOSPC, "No space left on device", "a/b"),
            4,
            "error[disk-full]: No space left on device; a/b",
        ),
        (OSError(errno.EFBIG, "File too large"), 4, "error[disk-full]: File too large; what it writes to"),
    ],
)
def test_a_failure_is_one_line_and_a_status(
    failure: BaseException,
    status: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(**_: object) -> None:
        raise failure

    monkeypatch.setattr(cli, "cli", fails)
    monkeypatch.setattr(cli, "_discard_stdout", lambda: None)  # pytest's own
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err.strip()) == (status, line)


def test_a_reader_who_has_gone_is_no_negative_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """As rich ends a process: with the status that a negative verdict has."""

    def prints(**_: object) -> None:
        ended = SystemExit(1)
        ended.__context__ = BrokenPipeError()
        raise ended

    monkeypatch.setattr(cli, "cli", prints)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.BROKEN_PIPE


@pytest.mark.parametrize("name", cli.ENDINGS)
def test_what_a_terminal_or_a_machine_ends_is_tidied_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tidied = []

    def waits(**_: object) -> None:
        try:
            signal.raise_signal(getattr(signal, name))
        finally:
            tidied.append(name)

    monkeypatch.setattr(cli, "cli", waits)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, tidied) == (128 + getattr(signal, name), [name])


def test_what_nohup_has_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    monkeypatch.setattr(cli, "cli", lambda **_: signal.raise_signal(signal.SIGHUP))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code is None


@pytest.mark.parametrize("closed", [">&-", ">/dev/full"])
def test_streams_that_take_nothing(closed: str) -> None:
    called = f"{shlex.quote(sys.executable)} -c 'from release_tools.cli import main; main()'"
    program = f"{called} converge --help {closed}"
    ran = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert (ran.returncode, "Traceback" in ran.stderr) == (0 if closed == ">&-" else 4, False), ran.stderr
