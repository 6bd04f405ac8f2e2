"""Runs `release-tools` as its people and its workflows do: in a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from release_tools import shell
from release_tools.wheel import builder

HOUR = 3600
MAIN = ("-P", "-c", "from release_tools.cli import main; main()")
PREFIXES = (*builder.INDEX_PREFIXES, "UV_", "LC_")


@dataclass(frozen=True)
class Ran:
    """A command that has run.

    Attributes:
      by: who ran it: a person, or a workflow and its job.
      status: of its exit; -9 where it was killed.
      said: all that it wrote, standard output first.
    """

    by: str
    words: tuple[str, ...]
    status: int
    said: str
    seconds: float

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
    """

    python: str
    settings: Mapping[str, str]

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
        own = shell.environment("HOME", "TMPDIR", prefixes=PREFIXES)
        environment = own | dict(self.settings) | dict(settings or {})
        command = [self.python, *MAIN, *map(str, words)]
        began = time.monotonic()
        done = shell.run(command, cwd=folder, env=environment, timeout=HOUR, check=False, until=until)
        said = "\n".join(filter(None, (done.out.strip(), done.err.strip())))
        return Ran(by, tuple(map(str, words)), done.status, said, time.monotonic() - began)


def of_people(names: Sequence[str]) -> dict[str, str]:
    """Of our own environment what these variables say."""
    return {name: os.environ[name] for name in names if name in os.environ}
