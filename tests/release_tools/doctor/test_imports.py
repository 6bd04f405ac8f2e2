from __future__ import annotations

import pytest

from release_tools.doctor import imports


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy.linalg as l, os", [("numpy", False, False)]),
        ("from absl import logging", [("absl-py", False, False)]),
        ("import tree", [("dm-tree", False, False)]),
        ("import tf_keras", [("tf-keras", False, False)]),
        ("from tensorflow_model_optimization.python import core\nfrom . import x", []),
        ("def f():\n  import six", [("six", False, True)]),
        ("f = lambda: __import__('six')", []),
        (
            "try:\n  import six\nexcept ImportError:\n  import scipy",
            [("six", True, False), ("scipy", False, False)],
        ),
        ("try:\n  import six\nexcept (KeyError, AttributeError):\n  pass", [("six", False, False)]),
        ("try:\n  def f():\n    import six\nexcept:\n  pass", [("six", True, True)]),
        ("import (", []),
    ],
)
def test_imports(code: str, expected: list[tuple[str, bool, bool]]) -> None:
    assert [(i.distribution, i.guarded, i.nested) for i in imports.used({"a.py": code})] == expected


def test_places_are_in_order_and_of_python_files_only() -> None:
    texts = {"b.py": "import six\nimport numpy\n", "a.py": "\nimport scipy\n", "c.txt": "import mock\n"}
    assert [i.place for i in imports.used(texts)] == ["a.py:2", "b.py:1", "b.py:2"]
