"""Every file is what it seems."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

from release_tools.standards import example as reading


@pytest.mark.parametrize("name", ["json", "tensorflow", "tensorflow_model_optimization", "release_tools"])
def test_a_module_that_hides_another_is_named(tmp_path: Path, name: str) -> None:
    examples.write(tmp_path, {f"loose/{name}.py": "", "loose/fine.py": ""})
    made = reading.read(tmp_path / "loose")
    assert examples.said(made, "readable") == [(f"{name}.py", f"hides the module {name} of others", True)]


def test_in_a_package_any_name_will_do(tmp_path: Path) -> None:
    assert examples.said(examples.read(tmp_path, {"example/json.py": ""}), "readable") == []


def test_what_could_not_be_read_is_a_finding(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": b"\xff"})
    assert examples.said(made, "readable") == [("example/a.py:1", "is not UTF-8", True)]
