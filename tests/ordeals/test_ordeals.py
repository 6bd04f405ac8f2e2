"""Whatever fails on the way to GitHub and back: nothing is lost, nothing is there twice, no traceback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import ordeal
import pytest

STORIES = list(ordeal.stories())
FEW = (1, 3)  # at these seeds the first call of all meets a fault
MANY = [seed for seed in range(50) if seed not in FEW]
Calm = Callable[[str], Mapping[str, str]]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """The world as it comes to be with nothing in the way."""
    known: dict[str, Mapping[str, str]] = {}

    def world(name: str) -> Mapping[str, str]:
        if name not in known:
            with pytest.MonkeyPatch.context() as patch:
                known[name] = ordeal.calm(ordeal.load(name), tmp_path_factory.mktemp(name), patch)
        return known[name]

    return world


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("seed", FEW)
def test_the_world_is_what_it_would_be(
    name: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calm: Calm
) -> None:
    found = ordeal.suffered(ordeal.load(name), tmp_path, monkeypatch, seed)
    assert found.met
    assert found.after == calm(name)


@pytest.mark.long
@pytest.mark.parametrize("name", STORIES)
def test_with_many_seeds(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calm: Calm) -> None:
    met: list[str] = []
    for seed in MANY:
        found = ordeal.suffered(ordeal.load(name), tmp_path / str(seed), monkeypatch, seed)
        assert found.after == calm(name), f"seed {seed}"
        met += found.met
    assert met
