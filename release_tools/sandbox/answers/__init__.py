"""What GitHub says of each noun: plain functions from nouns to JSON, in the shapes that GitHub documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Json = dict[str, Any]


def when(time: datetime | None) -> str | None:
    """A time as GitHub writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def node(kind: str, identity: int | str) -> str:
    """An id as GraphQL would know it."""
    return f"{kind}_{identity}"
