"""The audit of a release: who did what, and when; it only grows, and each line is bound to the last."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from convergence.errors import UserError

FILE_NAME = "audit.jsonl"
BEGUN, DONE, WAITING, REFUSED = "begun", "done", "waiting", "refused"
OVERRIDE, ABORTED = "override", "aborted"
FOUND = "found"  # it was there, and no line before says who made it


@dataclass(frozen=True)
class Entry:
    """One line.

    Attributes:
      digest: what it is about: a commit, the sha256 of a wheel.
      previous: sha256 of the line before; of nothing for the first.
    """

    at: str
    by: str
    step: str
    state: str
    what: str = ""
    digest: str = ""
    link: str = ""
    previous: str = ""


class Audit:
    """The lines of one release's file, read once and then added to."""

    def __init__(
        self, path: Path, by: Callable[[], str], now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Reads what is there.

        Args:
          by: whose token it is; asked for only when something is written.

        Raises:
          UserError: audit-broken.
        """
        self.path = path
        self._by, self._now = by, now
        self._entries: list[Entry] = []
        self._last = ""
        self._read()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, oldest first."""
        return tuple(self._entries)

    def last(self, step: str, state: str) -> Entry | None:
        """The latest line of a step in a state."""
        found = [one for one in self._entries if (one.step, one.state) == (step, state)]
        return found[-1] if found else None

    def append(self, step: str, state: str, what: str = "", digest: str = "", link: str = "") -> None:
        """Adds a line; when this returns, it is on the disk."""
        at = self._now().astimezone(UTC).isoformat(timespec="seconds")
        entry = Entry(at, self._by(), step, state, what, digest, link, self._last)
        line = json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._keep(entry, line)

    def once(self, step: str, state: str, what: str = "", digest: str = "", link: str = "") -> None:
        """Adds a line unless the step's latest line says the same."""
        found = [one for one in self._entries if one.step == step]
        said = (found[-1].state, found[-1].what, found[-1].digest, found[-1].link) if found else ()
        if said != (state, what, digest, link):
            self.append(step, state, what, digest, link)

    def _read(self) -> None:
        if not self.path.exists():
            return
        whole = self.path.read_bytes()
        complete = whole[: whole.rfind(b"\n") + 1]
        for number, line in enumerate(complete.splitlines(keepends=True), 1):
            entry = _entry(line)
            if entry is None or entry.previous != self._last:
                raise UserError(
                    "audit-broken",
                    "the audit was changed: a line does not follow from the one before",
                    where=f"{self.path}:{number}",
                    hint="put the file back as it was; GitHub, git and the index still tell what was done",
                )
            self._keep(entry, line)
        if complete != whole:  # the process was killed while it wrote its last line
            with self.path.open("r+b") as file:
                file.truncate(len(complete))

    def _keep(self, entry: Entry, line: bytes) -> None:
        self._entries.append(entry)
        self._last = hashlib.sha256(line).hexdigest()


def _entry(line: bytes) -> Entry | None:
    try:
        entry = Entry(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    return entry if all(isinstance(value, str) for value in asdict(entry).values()) else None
