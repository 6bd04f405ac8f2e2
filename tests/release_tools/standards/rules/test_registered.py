"""The example is an experiment that a user runs by name."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

from release_tools.standards import experiments
from release_tools.standards.importing import Event


def register(name: str) -> str:
    return f"@exp_factory.register_config_factory({name})\ndef config(): ...\n"


def test_a_registered_one_that_can_be_made_is_it(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": register("'mine'")})
    assert examples.said(examples.ran(made), "registered") == []


def test_none_is_named(tmp_path: Path) -> None:
    made = examples.ran(examples.read(tmp_path, {"example/a.py": "x = 1\n"}))
    assert examples.said(made, "registered") == [("example", "registers no experiment", True)]


def test_a_name_that_is_not_written_or_taken_is_named(tmp_path: Path) -> None:
    text = register("NAME") + register("'mine'") + register("'mine'")
    made = examples.ran(examples.read(tmp_path, {"example/a.py": text}))
    assert examples.said(made, "registered") == [
        ("example/a.py:1", "registers an experiment under a name that is not written here", True),
        ("example/a.py:5", "registers mine again", True),
    ]


@pytest.mark.parametrize(("kind", "certain"), [("failed", True), ("broken", False), ("ended", False)])
def test_one_that_cannot_be_made_is_named(tmp_path: Path, kind: str, certain: bool) -> None:
    made = examples.read(tmp_path, {"example/a.py": register("'mine'")})
    event = Event(kind, "mine", "example/a.py", 2, "ValueError: no")
    assert examples.said(examples.ran(made, event), "registered") == [
        ("example/a.py:1", "mine cannot be made: ValueError: no", certain)
    ]


def test_one_whose_module_does_not_import_cannot_be_told(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": register("'mine'")})
    what = "mine was not made, for a module that it needs does not import without TFMOT"
    blocked = Event("blocked", "mine", "", 0, "")
    assert examples.said(examples.ran(made, blocked), "registered") == [("example/a.py:1", what, False)]


def test_without_an_import_it_cannot_be_told(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": register("'mine'")})
    assert examples.said(made, "registered") == [
        ("example", "whether its experiments can be made was not tried", False)
    ]


def test_an_experiment_is_made_with_the_tasks_of_the_example(tmp_path: Path) -> None:
    files = {
        "example/a.py": register("'mine'"),
        "example/b.py": "@task_factory.register_task_cls(x)\nclass T: ...\n",
        "example/a_test.py": register("'test'"),
    }
    assert experiments.order(examples.read(tmp_path, files)) == {"mine": ["example.a", "example.b"]}
