"""The grouped config: one technique a stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from convergence import techniques
from convergence.model import UserError

pytestmark = pytest.mark.training


def test_every_file_is_a_technique() -> None:
    files = {path.stem for path in Path(str(techniques.__file__)).parent.glob("[!_]*.py")}
    assert techniques.names() == sorted(files)
    assert {"clustering", "collaborative", "pruning", "quantization"} < files


def test_nothing_is_on_by_default() -> None:
    assert techniques.active(techniques.grouped_config()()) == []
    assert techniques.active(None) == []


def test_two_at_once_contradict_each_other() -> None:
    config = techniques.grouped_config()()
    config.override({"pruning": {}, "quantization": {}}, is_strict=False)
    with pytest.raises(UserError, match=r"contradictory-options.*pruning and quantization are set at once"):
        techniques.active(config)
