"""TFMOT is imported only when its options are on."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest
from examples import TFMOT

from release_tools.standards.importing import Event

EAGER = f"import {TFMOT}\n"


def test_the_line_is_named(tmp_path: Path) -> None:
    made = examples.ran(examples.read(tmp_path, {"example/a.py": f"x = 1\n{EAGER}"}))
    assert examples.said(made, "lazy") == [
        ("example/a.py:2", "imports TFMOT as soon as it is imported", True)
    ]


@pytest.mark.parametrize("name", ["a_test", "test_a"])
def test_a_test_may_import_it(tmp_path: Path, name: str) -> None:
    made = examples.ran(examples.read(tmp_path, {f"example/{name}.py": EAGER}))
    assert examples.said(made, "lazy") == []


def test_without_an_import_it_cannot_be_told(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": "x = 1\n"})
    assert examples.said(made, "lazy") == [("example", "was not imported, so it is not proven", False)]


def test_what_was_not_imported_is_not_proven(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": "x = 1\n"})
    one = examples.ran(made)
    assert one.run is not None
    events = tuple(event for event in one.run.events if event.module != "example.a")
    less = examples.replace(one, run=examples.replace(one.run, events=events))
    assert examples.said(less, "lazy") == [("example/a.py", "was not imported, so it is not proven", False)]


@pytest.mark.parametrize("kind", ["missing", "failed", "broken", "ended"])
def test_a_module_that_fails_for_another_reason_is_not_proven(tmp_path: Path, kind: str) -> None:
    made = examples.read(tmp_path, {"example/a.py": "x = 1\n"})
    failed = Event(kind, "example.a", "example/a.py", 1, "no such thing")
    what = "example.a could not be imported to the end: no such thing"
    assert examples.said(examples.ran(made, failed), "lazy") == [("example/a.py:1", what, False)]


def test_one_that_fails_for_want_of_tfmot_is_one_finding(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": EAGER})
    asked = Event("asked", "example.a", "example/a.py", 1, TFMOT)
    failed = Event("missing", "example.a", "example/a.py", 1, TFMOT)
    what = "imports TFMOT as soon as example.a is imported"
    assert examples.said(examples.ran(made, asked, failed), "lazy") == [("example/a.py:1", what, True)]


@pytest.mark.parametrize("changes_only", [True, False])
def test_what_a_pull_request_does_not_change_is_not_its_fault(tmp_path: Path, changes_only: bool) -> None:
    made = examples.read(
        tmp_path, {"example/a.py": "from example import old\n", "example/old.py": EAGER}, "example/a.py"
    )
    made = examples.replace(made, changes_only=changes_only)
    asked = Event("asked", "example.a", "example/old.py", 1, TFMOT)
    hidden = "example/old.py:1, not changed here, imports TFMOT and hides whether example.a does"
    assert examples.said(examples.ran(made, asked), "lazy") == [
        ("example/a.py", hidden, False)
        if changes_only
        else ("example/old.py:1", "imports TFMOT as soon as example.a is imported", True)
    ]
