"""The Python of a contributor's example, which is read and never run here."""

from __future__ import annotations

from pathlib import Path

import damage
import record_rules

from release_tools import standards
from release_tools.standards import example
from release_tools.standards.nouns import Report

CODE = '''\
"""An example."""
import dataclasses
from official.core import registry


@dataclasses.dataclass
class Config:
  pruning: "dict[str, float] | None" = None


def apply(model, config=Config()):
  import tensorflow_model_optimization as tfmot
  return tfmot.sparsity.keras.prune_low_magnitude(model, **(config.pruning or {}))
'''
EXAMPLES = (CODE, "", "x = (1 +\n  2)\n")
INPUTS = damage.texts(EXAMPLES)


def place(given: str, folder: Path) -> None:
    made = folder / "mine"
    made.mkdir()
    (made / "__init__.py").write_text("")
    (made / "a.py").write_bytes(given.encode("utf-8", "surrogatepass"))


def read(given: str, folder: Path) -> Report:
    return standards.examine(example.read(folder / "mine"))


def holds(value: Report, given: str) -> None:
    """What cannot be read is a finding, never passed over; whatever is said can be kept."""
    record_rules.require_same_again(value, Report)
    assert value.modules == 2 or any(one.path.endswith("a.py") for one in value.findings)
    for one in value.findings:
        assert one.what
        assert len(one.what) < 2000
