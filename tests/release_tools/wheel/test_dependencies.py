from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.version import Version

from release_tools import shell
from release_tools.wheel import dependencies
from release_tools.wheel.wheelfile import Wheel

PROVIDERS = {
    "numpy": ["numpy"],
    "six": ["six"],
    "tf_keras": ["tf_keras"],
    "keras": ["keras"],
    "tensorflow": ["tensorflow"],
    "tiny": ["Tiny"],
    "google": ["protobuf", "google-auth"],
}
TENSORFLOW_REQUIRES = ["keras>=3.10", "protobuf>=5", 'mypy; extra == "dev"']


@pytest.fixture
def wheel(tmp_path: Path) -> Wheel:
    with zipfile.ZipFile(tmp_path / "w", "w") as archive:
        archive.writestr(
            "tiny/__init__.py", "import os, numpy.linalg, tiny.a\nfrom tensorflow import keras\n"
        )
        archive.writestr(
            "tiny/a.py",
            "from . import b\ndef f():\n  import keras, tf_keras as k\n  from google.protobuf import x\n",
        )
        archive.writestr("tiny/data.txt", "import absent")
        archive.writestr("tiny/c.py", "import absent\nfrom six import moves\n")
    digest = hashlib.sha256(b"").hexdigest()
    return Wheel(tmp_path / "w", "tiny", Version("1"), "py3-none-any", (), digest, digest, {})


def test_imported(wheel: Wheel) -> None:
    expected = {"numpy", "tiny", "tensorflow", "keras", "tf_keras", "google", "absent", "six"}
    assert dependencies.imported(wheel.path) == expected


@pytest.mark.parametrize(
    ("requires", "undeclared"),
    [
        ((), ("numpy", "six", "tf-keras")),
        (("numpy>=1.23", "six~=1.14"), ("tf-keras",)),
        (("numpy", "six", "tf-keras>=2.14.1"), ()),
        (("NumPy", "six", 'tf_keras; python_version >= "3"'), ()),
        (("numpy", "six", 'tf-keras; extra == "all"'), ("tf-keras",)),
    ],
)
def test_undeclared(
    wheel: Wheel, monkeypatch: pytest.MonkeyPatch, requires: Sequence[str], undeclared: tuple[str, ...]
) -> None:
    answer = json.dumps([PROVIDERS, TENSORFLOW_REQUIRES])
    monkeypatch.setattr(shell, "run", lambda *_: shell.Finished((), 0, answer, ""))
    asking = dataclasses.replace(wheel, requires=tuple(requires))
    assert dependencies.undeclared(Path("python"), asking) == undeclared


def test_asks_a_real_interpreter(wheel: Wheel) -> None:
    found = dependencies.undeclared(Path(sys.executable), wheel)
    assert set(found) & {
        "numpy",
        "tf-keras",
    }  # which of them TensorFlow brings depends on whether it is there
    assert "absent" not in found
