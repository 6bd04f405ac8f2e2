"""What holds of every record that was read: it is written, and read as the same."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from convergence import records


def text(record: Any) -> bytes:
    """A record as its file says it."""
    return records.text(record).encode()


def plain(content: bytes) -> Any:
    return json.loads(content)


def require_same_again(value: Any, kind: type) -> None:
    assert isinstance(value, kind)
    assert records.parse(text(value), kind, PurePath("again")) == value
