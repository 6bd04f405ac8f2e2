"""What the process wrote that imported a contributor's example."""

from __future__ import annotations

import json
from pathlib import Path

import damage

from release_tools.standards import importing
from release_tools.standards.importing import Event

EVENT = {"kind": "asked", "module": "a", "path": "a.py", "line": 3, "detail": "x"}
DONE = {"kind": "done", "module": "", "path": "", "line": 0, "detail": ""}
EXAMPLES = (json.dumps([EVENT, DONE]).encode(), b"[]", b"no JSON")
INPUTS = damage.trees([[EVENT, DONE]])


def place(given: bytes, folder: Path) -> None:
    (folder / "events.json").write_bytes(given)


def read(given: bytes, folder: Path) -> tuple[tuple[Event, ...] | None, str]:
    events = importing._events(folder / "events.json")
    return events, importing._trouble(events, "")


def holds(value: tuple[tuple[Event, ...] | None, str], given: bytes) -> None:
    """Only what came to its end proves anything."""
    events, trouble = value
    assert trouble or (events and events[-1].kind == "done")
    for one in events or ():
        assert [type(part) for part in vars(one).values()] == [str, str, str, int, str]
