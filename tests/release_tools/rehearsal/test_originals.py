"""The repositories of a rehearsal are copies of what the user has; packages come from the user's index."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from release_tools.rehearsal import originals

VARIABLE, FILE = "http://variable.example/simple", "http://file.example/simple"
MAKEFILE = Path(__file__).parents[3] / "Makefile"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who has set nothing of pip."""
    python = SimpleNamespace(python=Path(sys.executable))
    monkeypatch.setattr(originals.builder, "get", lambda: python)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unset: None) -> None:
    """A user who has set an index in their own file, which goes before the machine's."""
    file = tmp_path / "pip" / "pip.conf"
    file.parent.mkdir()
    file.write_text(f"[global]\nindex-url = {FILE}\n")
    monkeypatch.delenv("PIP_CONFIG_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.mark.usefixtures("in_a_file")
def test_the_index_is_the_one_of_a_file() -> None:
    assert originals.upstream() == FILE


@pytest.mark.usefixtures("in_a_file")
def test_as_with_pip_a_variable_goes_before_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", VARIABLE)
    assert originals.upstream() == VARIABLE


def test_without_either_it_is_pips_own() -> None:
    found = originals.upstream()
    assert found.startswith("https://")
    assert found.rstrip("/").endswith("/simple")


@pytest.mark.parametrize("variable", [VARIABLE, ""])
@pytest.mark.usefixtures("in_a_file")
def test_make_installs_from_the_same_index(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    if variable:
        monkeypatch.setenv("PIP_INDEX_URL", variable)
    assert of_make() == (variable or FILE)


def test_make_leaves_uv_its_own_where_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert of_make() == "unset"


def of_make() -> str:
    """What make hands to uv."""
    rule = "--eval=index: ; @echo $${UV_DEFAULT_INDEX-unset}"
    words = ["make", "--silent", "-f", MAKEFILE, f"PYTHON={sys.executable}", rule, "index"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
