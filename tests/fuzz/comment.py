"""A comment on a pull request: a command of ours, one that was not understood, or none."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import damage

from release_tools import slash
from release_tools.slash import LONGEST, Command, Problem

EXAMPLES = (
    "/converge pruning quantization @0123456789abcdef tier=full tfmot=pull/7/head seeds=3",
    "\n   \n  /converge\ttier=smoke\r\nThanks!",
    "/converge status",
    "/approve @" + "1f0c" * 10,
    "/record-approval https://github.com/tensorflow/models/pull/7#issuecomment-8",
    "/home official",
    "/status",
)
INPUTS = damage.texts(EXAMPLES)


def read(given: str, folder: Path) -> Command | Problem | None:
    return slash.parse(given)


def holds(value: Command | Problem | None, given: str) -> None:
    first = next((line for line in given.replace("\r", "\n").split("\n") if line.strip()), "")
    if value is None:
        return
    assert first.lstrip(" ").lower().startswith(f"/{value.name}")
    assert value.name in slash.names()
    if isinstance(value, Problem):
        assert value.word.removesuffix("…") in first
        assert len(value.hint) < 2 * LONGEST
        return
    assert len(first) < LONGEST + 100
    for said in _words(dataclasses.asdict(value.request)):
        assert said.isprintable()
        assert said.lower() in first.lower() or not said
    assert slash.parse(first.strip()) == value
    assert slash.parse(f"{first}\n> /converge\n```\n/converge") == value


def _words(request: dict[str, Any]) -> list[str]:
    flat = [one for value in request.values() for one in (value if isinstance(value, tuple) else (value,))]
    return [one for one in flat if isinstance(one, str)]
