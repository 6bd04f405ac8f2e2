"""Importing a module only defines things."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

from release_tools.standards.importing import Event


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("network", "uses the network when it is imported: it"),
        ("program", "starts a program when it is imported: it"),
        ("file", "writes to a file when it is imported: it"),
        ("secret", "reads a secret of the environment when it is imported: it"),
        ("failed", "does not import: it"),
    ],
)
def test_what_was_seen_is_said(tmp_path: Path, kind: str, what: str) -> None:
    made = examples.read(tmp_path, {"example/a.py": "x = 1\n"})
    done = Event(kind, "example.a", "example/a.py", 3, "it")
    assert examples.said(examples.ran(made, done), "quiet") == [("example/a.py:3", what, True)]


def test_what_was_written_is_said(tmp_path: Path) -> None:
    made = examples.ran(examples.read(tmp_path, {}), changed=("example/x",))
    assert examples.said(made, "quiet") == [("example/x", "was written while the example was imported", True)]


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nsys.meta_path.clear()",
        "import gc\ngc.get_objects()",
        "import os\ndef f():\n  os._exit(0)",
        "import ctypes",
        "from ctypes import CDLL",
        "import sys\nsys._getframe()",
    ],
)
def test_meddling_is_named_wherever_it_is(tmp_path: Path, text: str) -> None:
    [(_, what, certain)] = examples.said(examples.read(tmp_path, {"example/a.py": text}), "quiet")
    assert what.startswith("meddles with the interpreter: ")
    assert certain


def test_plain_code_meddles_with_nothing(tmp_path: Path) -> None:
    text = "import os, sys, gc\nx = os.path, sys.path, gc.collect()\n"
    assert examples.said(examples.read(tmp_path, {"example/a.py": text}), "quiet") == []
