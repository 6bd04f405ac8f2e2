"""The files of a folder are found by their names, and imported when they are asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from convergence import members


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "some_units"
    (folder / "a_folder").mkdir(parents=True)
    for name in ("__init__", "b_two", "a", "a_folder/__init__"):
        (folder / f"{name}.py").write_text("")
    (folder / "broken.py").write_text("raise RuntimeError")
    (folder / "data.toml").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder.name


def test_every_module_is_one_and_nothing_else(package: str) -> None:
    assert members.names(package) == ["a", "a_folder", "b_two", "broken"]
    assert members.typed(package) == ["a", "a-folder", "b-two", "broken"]


@pytest.mark.parametrize("name", ["b_two", "b-two"])
def test_one_is_imported_however_it_is_spelled(package: str, name: str) -> None:
    assert members.load(package, name).__name__ == f"{package}.b_two"
    assert f"{package}.a" not in sys.modules


def test_what_is_not_there_cannot_be_loaded(package: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"some_units\.c"):
        members.load(package, "c")
