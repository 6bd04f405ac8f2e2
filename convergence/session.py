"""One campaign at a time in a folder, ended in order whatever ends it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from convergence.errors import UserError
from convergence.trial import NOT_WRITABLE

POLL_SECONDS = 1.0
LOCK = ".lock"
HOLDER = ".lock.json"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Holds the folder; the system lets go of it when this process ends, however it ends.

    Raises:
      UserError: in-use, with who holds it; not-writable.
    """
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        me = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        (folder / HOLDER).write_text(json.dumps(me), encoding="utf-8")
    except Timeout as error:
        raise UserError("in-use", f"another campaign runs in {folder}", where=_holder(folder)) from error
    except OSError as error:
        raise UserError("not-writable", f"cannot write in {folder}: {error.strerror}") from error
    try:
        yield
    except OSError as error:
        if error.errno not in NOT_WRITABLE:
            raise
        raise UserError("not-writable", f"cannot write in {folder}: {error.strerror}") from error
    finally:
        lock.release()


@contextmanager
def orderly() -> Iterator[None]:
    """Ends on SIGTERM as on Ctrl-C: workers are stopped, what is finished stays."""

    def end(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    finally:
        signal.signal(signal.SIGTERM, before)


def end_with(parent: int) -> None:
    """Ends this process as SIGTERM would when its parent is gone, however it went."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _holder(folder: Path) -> str:
    """Who holds the folder, as far as it said."""
    try:
        holder = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        return f"process {int(holder['pid'])}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "by a process that has not said who it is"
