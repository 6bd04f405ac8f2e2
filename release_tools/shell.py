"""Runs other programs: the only user of `subprocess`; knows nothing of what they do."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from convergence.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

GRACE = 5.0  # seconds that a program has to end when we are told to
ENDINGS = tuple(s for s in signal.Signals if s.name in {"SIGINT", "SIGTERM", "SIGHUP"})  # as there are
LOOKS = 0.01  # seconds between two looks at a program that is to be killed


@dataclass(frozen=True)
class Finished:
    """A program that has run: its exit status and what it wrote."""

    command: tuple[str, ...]
    status: int
    out: str
    err: str

    def tail(self, lines: int = 5) -> str:
        """The last lines it wrote, from standard error if there are any."""
        written = [line.rstrip() for line in (self.err.strip() or self.out.strip()).splitlines()]
        return "\n".join([line for line in written if line][-lines:])


@dataclass(frozen=True)
class FinishedBytes:
    """A program that has run, and what it wrote as it wrote it."""

    status: int
    out: bytes
    err: bytes


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 600,
    check: bool = True,
    stdin: str = "",
    umask: int = -1,
    until: Callable[[], bool] | None = None,
) -> Finished:
    """Run a program to its end; when interrupted or too slow, its whole process group is killed.

    Args:
      env: the whole environment; None passes on our own.
      timeout: seconds.
      check: whether a status other than 0 is an error.
      umask: for the program; -1 leaves it as it is.
      until: where given, its process group is killed as soon as this holds.

    Raises:
      UserError: `missing-program`, `timed-out`, or with `check` `command-failed`.
    """
    words = tuple(str(word) for word in command)
    name = Path(words[0]).name
    ran = run_bytes(words, cwd=cwd, env=env, timeout=timeout, umask=umask, stdin=stdin.encode(), until=until)
    finished = Finished(words, ran.status, _text(ran.out), _text(ran.err))
    if check and finished.status:
        raise UserError(
            "command-failed", f"{name} ended with status {finished.status}", where=finished.tail()
        )
    return finished


def run_bytes(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 600,
    stdin: bytes = b"",
    umask: int = -1,
    until: Callable[[], bool] | None = None,
) -> FinishedBytes:
    """As `run`, for a program that reads or writes what is no text; its status is for the caller to judge.

    Raises:
      UserError: `missing-program` or `timed-out`.
    """
    words = tuple(str(word) for word in command)
    name = Path(words[0]).name
    # Files, since a daemon that it leaves behind may hold a pipe open for ever.
    with _scratch(stdin) as given, _scratch() as out, _scratch() as err:
        try:
            process = subprocess.Popen(
                words,
                cwd=cwd,
                env=env,
                umask=umask,
                start_new_session=True,
                stdin=given,
                stdout=out,
                stderr=err,
            )
        except FileNotFoundError as error:
            raise UserError("missing-program", f"{name} was not found", hint=f"install {name}") from error
        _wait(process, name, timeout, until)
        return FinishedBytes(process.returncode, _written(out), _written(err))


def attached(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, log: Path | None = None
) -> int:
    """Run a program on our own terminal, or into a log, and return its exit status.

    Ctrl-C reaches it as it reaches us, SIGTERM is handed on; we wait until it has tidied up.

    Raises:
      UserError: `missing-program`.
    """
    words = [str(word) for word in command]
    with contextlib.ExitStack() as stack:
        said = stack.enter_context(log.open("ab")) if log else None
        given = subprocess.DEVNULL if log else None
        try:
            process = subprocess.Popen(words, env=env, stdin=given, stdout=said, stderr=said)
        except FileNotFoundError as error:
            name = Path(words[0]).name
            raise UserError("missing-program", f"{name} was not found", hint=f"install {name}") from error
    before = signal.signal(signal.SIGTERM, lambda number, _: process.send_signal(number))
    try:
        return _wait_through_interrupts(process)
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_through_interrupts(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def environment(*names: str, prefixes: tuple[str, ...] = ()) -> dict[str, str]:
    """Of our environment only the variables named here and what programs need to start: no token leaks."""
    kept = {"PATH", "LANG", "LD_LIBRARY_PATH", *names}
    return {name: value for name, value in os.environ.items() if name in kept or name.startswith(prefixes)}


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Nobody is heard meanwhile: Ctrl-C pressed again by who finds it slow would leave half of it done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.getsignal(one) for one in ENDINGS}
    try:
        for one in ENDINGS:
            signal.signal(one, signal.SIG_IGN)
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler or signal.SIG_DFL)  # None is a handler that is not Python's


@contextlib.contextmanager
def _scratch(content: bytes = b"") -> Iterator[IO[bytes]]:
    """A file without a name, for a program to read `content` from or to write to."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file


def _written(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _text(written: bytes) -> str:
    """Text as Python reads it from a file: with every line end made a newline."""
    decoded = written.decode("utf-8", errors="replace")
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


def _wait(
    process: subprocess.Popen[bytes], name: str, timeout: float, until: Callable[[], bool] | None
) -> None:
    try:
        if until is None:
            process.wait(timeout)
        else:
            _watch(process, timeout, until)
    except BaseException as error:
        try:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                _ask_to_end(process)
        finally:  # whoever is asked again to end waits no longer
            _kill(process)
        if isinstance(error, subprocess.TimeoutExpired):
            raise UserError("timed-out", f"{name} did not finish within {timeout:.0f} s") from error
        raise


def _watch(process: subprocess.Popen[bytes], timeout: float, until: Callable[[], bool]) -> None:
    """Look every few milliseconds whether it has ended, or is to be killed."""
    end = time.monotonic() + timeout
    while process.poll() is None:
        if until():
            _kill(process)
        elif time.monotonic() > end:
            raise subprocess.TimeoutExpired(process.args, timeout)
        else:
            time.sleep(LOOKS)


def _ask_to_end(process: subprocess.Popen[bytes]) -> None:
    """Have it end what it has started itself, if it takes no longer than GRACE."""
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(GRACE)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, which may outlive it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
