"""The audit of a release: what was changed is told; a line that was cut while it was written is dropped."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import damage

from release_tools.release import audit
from release_tools.release.audit import Audit, Entry


def _made() -> bytes:
    path = Path(tempfile.mkdtemp(), audit.FILE_NAME)
    made = Audit(path, lambda: "mona", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    made.append("plan", audit.BEGUN, "0.8.2", "d" * 64)
    made.append("claims", audit.OVERRIDE, "ü @x\n", "mona")
    made.append("tag", audit.DONE, "", "c" * 40, "https://example.invalid/")
    return path.read_bytes()


WHOLE = _made()
EXAMPLES = (WHOLE, b"")
INPUTS = damage.contents([WHOLE]) | damage.texts([WHOLE.decode()]).map(lambda t: t.encode("utf-8", "replace"))


def place(given: bytes, folder: Path) -> None:
    (folder / audit.FILE_NAME).write_bytes(given)


def read(given: bytes, folder: Path) -> tuple[Entry, ...]:
    return Audit(folder / audit.FILE_NAME, lambda: "mona").entries


def holds(value: tuple[Entry, ...], given: bytes) -> None:
    """Nobody binds lines to each other but us: what is read begins as what was written."""
    kept = given[: given.rfind(b"\n") + 1]
    assert len(value) == kept.count(b"\n")
    assert len(value) < 2 or WHOLE.startswith(kept) or value[0].previous == ""


def left(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, bytes]:
    """Only what follows the last line end may be dropped."""
    whole = before[audit.FILE_NAME]
    short = {audit.FILE_NAME: whole[: whole.rfind(b"\n") + 1]}
    return short if dict(after) == short else dict(before)
