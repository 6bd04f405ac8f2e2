"""Runs `release-tools` as its people and its workflows do: in a process and a folder of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from release_tools import network, shell
from release_tools.wheel import builder

HOUR = 3600
ENDED = 130  # status of what was interrupted
FAILED = 4  # status of what the network or a machine failed, and of a fault of ours, with a traceback
TRACEBACK = "Traceback (most recent call last)"
MAIN = ("-P", "-c", "from release_tools.cli import main; main()")
PREFIXES = (*builder.INDEX_PREFIXES, "UV_", "LC_")


@dataclass(frozen=True)
class Ran:
    """A command that has run.

    Attributes:
      by: who ran it: a person, or a workflow and its job.
      status: of its exit; -9 where it was killed.
      out: what it wrote on standard output, and `err` on standard error.
    """

    by: str
    words: tuple[str, ...]
    status: int
    out: str
    err: str
    seconds: float

    @property
    def said(self) -> str:
        """All that it wrote."""
        return "\n".join(filter(None, (self.out.strip(), self.err.strip())))

    @property
    def crashed(self) -> bool:
        """Whether a fault of ours ended it, which no second try mends."""
        return self.status == FAILED and TRACEBACK in self.err

    @property
    def line(self) -> str:
        """What one types."""
        return " ".join(("release-tools", *self.words))


@dataclass
class Desk:
    """What every command here has around it.

    Attributes:
      python: the interpreter that has the tools.
      settings: variables of the environment, on top of those that programs need to start.
      tries: how often what the network or a machine failed is run, as whoever sees it would run it again.
      ended: once it is set, whatever runs is killed.
    """

    python: str
    settings: Mapping[str, str]
    tries: int = 1
    ended: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def together(self) -> Iterator[ThreadPoolExecutor]:
        """Two commands at a time; where we are told to end, they are told once, and waited for."""
        with ThreadPoolExecutor(2) as pool:
            try:
                yield pool
            except (KeyboardInterrupt, SystemExit):
                self.ended.set()
                with shell.uninterrupted():
                    pool.shutdown()
                raise

    def run(
        self,
        by: str,
        words: Sequence[str | Path],
        folder: Path,
        settings: Mapping[str, str] | None = None,
        until: Callable[[], bool] | None = None,
    ) -> Ran:
        """Run `release-tools` with these words.

        Args:
          folder: where it runs; made if it is not there.
          until: where given, the process is killed once this holds.
        """
        folder.mkdir(parents=True, exist_ok=True)
        environment = _own() | dict(self.settings) | dict(settings or {})
        command = [self.python, *MAIN, *map(str, words)]

        def stops() -> bool:
            if self.ended.is_set():
                raise SystemExit(ENDED)  # in the thread that waits for it, which ends what runs
            return until is not None and until()

        began = time.monotonic()
        for _ in range(self.tries):
            done = shell.run(command, cwd=folder, env=environment, timeout=HOUR, check=False, until=stops)
            seconds = time.monotonic() - began
            ran = Ran(by, tuple(map(str, words)), done.status, done.out, done.err, seconds)
            if ran.status != FAILED or ran.crashed:
                break
        return ran


def _own() -> dict[str, str]:
    """Of our own environment what programs need to start, and to reach the index that the user has."""
    own = shell.environment("HOME", "TMPDIR", prefixes=PREFIXES) | network.proxies()
    proxy = own.pop("PIP_PROXY", "")  # with it pip would ask nothing without, not even this machine
    return ({"http_proxy": proxy, "https_proxy": proxy} if proxy else {}) | own
