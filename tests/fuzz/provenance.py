"""The provenance beside a wheel, which another job brought."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import asked
import damage

from release_tools.wheel import provenance
from release_tools.wheel.provenance import Imports, Provenance

WHEEL = next(asked.write_wheel(Path(tempfile.mkdtemp())).glob("*.whl"))
MADE = asked.provenance(WHEEL, imports=Imports(3, "3.11", "2.20.0", ("six",)), builder={"python": "3.11"})
EXAMPLES = (MADE.to_json().encode(), asked.provenance(WHEEL, tag="v1.2.3").to_json().encode())
INPUTS = damage.trees([json.loads(one) for one in EXAMPLES])


def place(given: bytes, folder: Path) -> None:
    (folder / provenance.FILE_NAME).write_bytes(given)


def read(given: bytes, folder: Path) -> Provenance:
    return provenance.read(folder / provenance.FILE_NAME)


def holds(value: Provenance, given: bytes) -> None:
    again = Path(tempfile.mkdtemp()) / "again.json"
    again.write_text(value.to_json(), encoding="utf-8")
    assert provenance.read(again) == value
    assert Path(value.wheel).name == value.wheel
    assert value.wheel not in {"", ".", ".."}
