"""Optimization code is self-contained."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest
from examples import TFMOT

USES = f"def f():\n  import {TFMOT}\n"
NAMES = {"official/__init__.py": "", "official/projects/mot/apply.py": USES}


def said(root: Path, files: dict[str, str]) -> list[tuple[str, str, bool]]:
    return examples.said(examples.read(root, NAMES | files, "official/projects/mot"), "contained")


def test_one_that_uses_shared_code_only_is(tmp_path: Path) -> None:
    text = "from official.vision import x\nfrom official.projects.mot import apply\n"
    assert said(tmp_path, {"official/projects/mot/task.py": text}) == []


@pytest.mark.parametrize(
    "line",
    [
        "from official.projects.mot import apply",
        "import official.projects.mot.apply",
        "from official.projects.mot.apply import f",
    ],
)
def test_who_imports_it_for_everybody_is_named(tmp_path: Path, line: str) -> None:
    what = "imports official.projects.mot.apply, which is optimization code, for everybody"
    assert said(tmp_path, {"official/core/lib.py": f"x = 1\n{line}\n"}) == [
        ("official/core/lib.py:2", what, True)
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("official/core/lib.py", "def f():\n  from official.projects.mot import apply\n"),
        ("official/core/lib_test.py", "from official.projects.mot import apply\n"),
        ("official/core/lib.py", "apply = 1\n"),
    ],
)
def test_who_imports_it_when_asked_to_or_in_a_test_is_not(tmp_path: Path, path: str, text: str) -> None:
    assert said(tmp_path, {path: text}) == []


def test_another_example_is_none_of_its_business(tmp_path: Path) -> None:
    files = {"official/projects/mot/task.py": "from official.projects.yolo.modeling import layers\n"}
    what = "imports official.projects.yolo.modeling.layers, which is another example's"
    assert said(tmp_path, files) == [("official/projects/mot/task.py:1", what, True)]


def test_what_is_private_to_tfmot_is_not_for_it(tmp_path: Path) -> None:
    files = {"official/projects/mot/task.py": f"def f():\n  from {TFMOT}.python.core import keras\n"}
    what = f"imports {TFMOT}.python.core.keras, which is private to TFMOT"
    assert said(tmp_path, files) == [("official/projects/mot/task.py:2", what, True)]


def test_a_part_of_an_example_may_be_used_by_the_rest_of_it(tmp_path: Path) -> None:
    files = NAMES | {
        "official/projects/mot/x/deep.py": USES,
        "official/projects/mot/t.py": "from official.projects.mot.x import deep\n",
    }
    made = examples.read(tmp_path, files, "official/projects/mot/x")
    assert examples.said(made, "contained") == []


def test_without_tfmot_it_does_not_apply(tmp_path: Path) -> None:
    from release_tools import standards

    report = standards.examine(examples.read(tmp_path, {"example/a.py": "x = 1\n"}), ["contained"])
    assert report.rules[0].why == "nothing here uses TFMOT"
    assert report.exit_status == 3
