from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from release_tools.bump import api_floor, declarations
from release_tools.bump.api_floor import RealFloor
from release_tools.bump.reading import Package

T = "tensorflow-model-optimization"
PACKAGE = Package(T)
RELEASES = {
    "0.4.1": "def old(): pass\n",
    "0.7.2": "def old(): pass\ndef passing(): pass\n",
    "0.7.3": "def old(): pass\ndef new(): pass\n",
    "0.8.0": "from tensorflow_model_optimization.impl import *\ndef old(): pass\n",
}


@pytest.fixture
def found(publish: Callable[..., None], tmp_path: Path) -> Callable[..., RealFloor]:
    for version, code in RELEASES.items():
        files = {"__init__": code, "impl": "def new(): pass\n"}
        publish(
            T, version, {f"tensorflow_model_optimization/{name}.py": text for name, text in files.items()}
        )

    def run(code: str, **files: str) -> RealFloor:
        folder = tmp_path / "site/models"
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "factory.py").write_text(code)
        for name, text in files.items():
            (folder / f"{name}.txt").write_text(text)
        return api_floor.find(PACKAGE, [folder], declarations.search([folder], PACKAGE), lambda _: None)

    return run


USES_NEW = "import tensorflow_model_optimization as tfmot\ntfmot.old()\n\ntfmot.new()\n"


def test_finds_the_first_release_that_has_all(found: Callable[..., RealFloor]) -> None:
    floor = found(USES_NEW, requirements=f"{T}>=0.4.1")
    assert str(floor) == "declared 0.4.1; the API used needs 0.7.3 (new, factory.py:4)"
    assert floor.least == Version("0.7.3")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (USES_NEW.replace("new", "old"), "no minimum declared; the API is in every release from 0.4.1 on"),
        ("x = 1\n", "no minimum declared; the API is not used"),
        (USES_NEW.replace("new", "none"), "no minimum declared; no release has none, factory.py:4"),
        (USES_NEW.replace("new", "passing"), "no minimum declared; no release has passing, factory.py:4"),
    ],
)
def test_says_it(found: Callable[..., RealFloor], code: str, line: str) -> None:
    assert str(found(code)) == line


def test_reads_what_is_installed(found: Callable[..., RealFloor], tmp_path: Path) -> None:
    info = tmp_path / "site/models-1.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").write_text("models-1.dist-info/METADATA,,\nmodels/__init__.py,,\n")
    (info / "METADATA").write_text(f"Name: models\nRequires-Dist: {T}>=0.4.1\n\n")
    assert found(USES_NEW).declared == Version("0.4.1")


def test_says_what_imports() -> None:
    floor = RealFloor(PACKAGE, Version("0.4.1"), (), Version("0.7.3"), None, Version("0.8.0"), "2.20.0")
    assert str(floor).endswith("; imports on TF 2.20 need 0.8.0")
    assert floor.least == Version("0.8.0")
