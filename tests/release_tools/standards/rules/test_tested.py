"""Every module that defines something has a test beside it."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

TEST = "from example import a\n"


@pytest.mark.parametrize(
    "place",
    [
        "example/a_test.py",
        "example/test_a.py",
        "example/tests/a_test.py",
        "example/tests/test_a.py",
        "tests/example/test_a.py",
        "tests/example/a_test.py",
    ],
)
def test_a_test_beside_it_or_in_a_mirrored_tree_will_do(tmp_path: Path, place: str) -> None:
    made = examples.read(tmp_path, {"example/a.py": "def f(): ...\n", place: TEST})
    assert examples.said(made, "tested") == []


@pytest.mark.parametrize("text", ["def f(): ...\n", "class C: ...\n", "async def f(): ...\n"])
def test_what_defines_something_needs_one(tmp_path: Path, text: str) -> None:
    made = examples.read(tmp_path, {"example/a.py": text})
    assert examples.said(made, "tested") == [("example/a.py", "has no test beside it", True)]


@pytest.mark.parametrize("text", ["from x import y\n", "X = 1\n", "def main(): ...\n", ""])
def test_what_defines_nothing_needs_none(tmp_path: Path, text: str) -> None:
    assert examples.said(examples.read(tmp_path, {"example/a.py": text}), "tested") == []


def test_a_test_of_something_else_is_none(tmp_path: Path) -> None:
    files = {"example/a.py": "def f(): ...\n", "example/a_test.py": "import unittest\n"}
    assert examples.said(examples.read(tmp_path, files), "tested") == [
        ("example/a_test.py", "never imports a", True)
    ]


def test_in_a_pull_request_a_test_that_was_there_before_counts(tmp_path: Path) -> None:
    from release_tools.standards import example as reading

    examples.write(tmp_path, {"p/a.py": "def f(): ...\n", "p/a_test.py": "from p import a\n"})
    assert examples.said(reading.read_files(tmp_path, ["p/a.py"], "x"), "tested") == []
