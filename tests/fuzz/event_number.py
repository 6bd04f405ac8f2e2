"""The pull request that an event of any kind names."""

from __future__ import annotations

import json
from pathlib import Path

import damage

from release_tools.approvals import publishing

SHAPES = (
    {"action": "opened", "pull_request": {"number": 7}},
    {"action": "created", "issue": {"number": 7, "pull_request": {}}},
    {"action": "created", "issue": {"number": 7}},
    {},
)
EXAMPLES = tuple(json.dumps(one).encode() for one in SHAPES)
INPUTS = damage.trees(SHAPES)


def place(given: bytes, folder: Path) -> None:
    (folder / "event.json").write_bytes(given)


def read(given: bytes, folder: Path) -> int:
    return publishing.numbered(folder / "event.json")


def holds(value: int, given: bytes) -> None:
    assert type(value) is int
    assert 0 <= value < 2**31
