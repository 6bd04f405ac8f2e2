"""One bump from end to end with `--api --probe`, on packages of three lines from an index on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from release_tools.bump import Target, minimum
from release_tools.bump import report as bump_report
from release_tools.bump.floors import Options
from release_tools.bump.minimum import Request
from release_tools.bump.reading import Package
from release_tools.wheel import environment
from release_tools.wheel.environment import Base

T = "tensorflow-model-optimization"
PACKAGE = Package(T)
RELEASES = {
    "0.4.1": "def old(): pass\n",
    "0.7.3": "raise ImportError('not with this TensorFlow')\ndef old(): pass\ndef new(): pass\n",
    "0.8.0": "def old(): pass\ndef new(): pass\n",
    "0.8.1": "def old(): pass\ndef new(): pass\n",
}
CODE = "import tensorflow_model_optimization as tfmot\n\ntfmot.old()\ntfmot.new()\n"
BROKEN = "import tensorflow_model_optimization as tfmot\nimport nothing_of_this_name\n\ntfmot.new()\n"


@pytest.fixture
def tensorflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base that says it has TensorFlow 2.20."""
    info = tmp_path / "base/tensorflow-2.20.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tensorflow\nVersion: 2.20.1\n")
    monkeypatch.setattr(environment, "with_tensorflow", lambda: Base((info.parent,)))


@pytest.mark.usefixtures("build_tools", "tensorflow")
def test_finds_the_floor_by_importing(
    publish: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version, code in RELEASES.items():
        publish(T, version, {"tensorflow_model_optimization/__init__.py": code})
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    for name, code in {"__init__": "", "factory": CODE, "other": BROKEN}.items():
        (folder / f"models/{name}.py").write_text(code)
    (folder / "models/requirements.txt").write_text(f"{T}>=0.4.1\n")
    monkeypatch.chdir(folder)
    said: list[str] = []
    target = Target(PACKAGE, Version("0.7.3"))
    request = Request(PACKAGE, target, (Path("models"),), Options(), api=True, probe=True, dry_run=True)
    outcome = minimum.run(request, said.append)
    assert str(outcome.floor) == (
        "declared 0.4.1; the API used needs 0.7.3 (new, factory.py:4); imports on TF 2.20 need 0.8.0"
    )
    assert bump_report.warnings(outcome) == [
        "models.other imports with no release: ModuleNotFoundError: No module named 'nothing_of_this_name'",
        f"0.7.3 is below what the code needs: {outcome.floor}",
    ]
    tried = [step.rpartition(" ")[2] for step in said if step.startswith("Importing")]
    assert tried == ["0.8.1", "0.7.3", "0.8.0"]
