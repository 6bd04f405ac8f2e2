"""What the process wrote that imported a wheel's modules: they may have written it themselves."""

from __future__ import annotations

import json
from pathlib import Path

import damage

from release_tools.wheel import environment
from release_tools.wheel.environment import Probed

MODULES = ("a", "a.b")
GOOD = {"origins": {"a": "/x/a/__init__.py", "a.b": "/x/a/b.py"}, "failures": {}, "tensorflow": "2.20.0"}
BAD = {"origins": {"a": "/x/a/__init__.py"}, "failures": {"a.b": "ValueError: no"}, "tensorflow": None}
EXAMPLES = (json.dumps(GOOD).encode(), json.dumps(BAD).encode())
INPUTS = damage.trees([GOOD, BAD])


def place(given: bytes, folder: Path) -> None:
    (folder / "result.json").write_bytes(given)


def read(given: bytes, folder: Path) -> Probed:
    return environment.told(folder / "result.json", MODULES)


def holds(value: Probed, given: bytes) -> None:
    assert {*value.origins, *value.failures} == set(MODULES)
    assert all(isinstance(one, str) for one in (*value.origins.values(), *value.failures.values()))
