"""The grouped config: one technique a stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from convergence import techniques
from convergence.errors import UserError
from convergence.techniques import Technique

pytestmark = pytest.mark.training


def test_every_file_is_a_technique() -> None:
    files = Path(techniques.__file__).parent.glob("[!_]*.py")
    assert techniques.names() == sorted(path.stem for path in files)


@pytest.mark.parametrize("name", techniques.names())
def test_a_technique_offers_what_is_asked_of_it(name: str) -> None:
    asked = set(Technique.__annotations__) | {member for member in vars(Technique) if member[0] != "_"}
    assert asked - set(vars(techniques.load(name))) == set()


def test_nothing_is_on_by_default() -> None:
    assert techniques.active(techniques.grouped_config()()) == []
    assert techniques.active(None) == []


def test_two_at_once_contradict_each_other() -> None:
    config = techniques.grouped_config()()
    config.override({"pruning": {}, "quantization": {}}, is_strict=False)
    with pytest.raises(UserError, match=r"contradictory-options.*pruning and quantization are set at once"):
        techniques.active(config)
