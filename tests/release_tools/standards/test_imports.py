"""Which imports happen as soon as a module is imported."""

from __future__ import annotations

import ast

import pytest

from release_tools.standards import imports
from release_tools.standards.imports import Import

EAGER = [
    "import t",
    "from t import a",
    "if True:\n  import t",
    "try:\n  import t\nexcept ImportError:\n  t = None",
    "try:\n  pass\nexcept ImportError:\n  import t",
    "try:\n  pass\nfinally:\n  import t",
    "with x:\n  import t",
    "for i in y:\n  import t",
    "while x:\n  import t",
    "class C:\n  import t",
    "class C:\n  class D:\n    import t",
    "match x:\n  case 1:\n    import t",
    "import importlib\nx = importlib.import_module('t')",
    "from importlib import import_module\nimport_module('t.python')",
    "x = [__import__('t')]",
    "def f():\n  import t\nf()",
    "def f():\n  import t\ndef g():\n  f()\nx = g()",
    "def f(c):\n  import t\n  return c\n@f\nclass C: pass",
    "def f(x=__import__('t')): pass",
    "f = lambda x=__import__('t'): x",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  pass\nelse:\n  import t",
]
LATE = [
    "def f():\n  import t",
    "async def f():\n  import t",
    "class C:\n  def f(self):\n    import t",
    "f = lambda: __import__('t')",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import t",
    "import typing\nif typing.TYPE_CHECKING:\n  import t",
    "def f():\n  import t\nif __name__ == '__main__':\n  f()",
]


def found(text: str, package: str = "p.q") -> tuple[Import, ...]:
    return imports.of(ast.parse(text), package)


@pytest.mark.parametrize("text", EAGER)
def test_what_runs_on_import_is_eager(text: str) -> None:
    assert [one.eager for one in found(text) if one.within("t")] == [True]


@pytest.mark.parametrize("text", LATE)
def test_what_waits_for_a_call_is_not(text: str) -> None:
    assert [one.eager for one in found(text) if one.within("t")] == [False]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a.b as c, d", ["a.b", "d"]),
        ("from a import b, c", ["a.b", "a.c"]),
        ("from a import *", ["a"]),
        ("from . import b", ["p.q.b"]),
        ("from .r import b", ["p.q.r.b"]),
        ("from .. import b", ["p.b"]),
        ("from ..r import *", ["p.r"]),
        ("from .... import b", [".b"]),
        ("import_module(name)", []),
    ],
)
def test_names_are_whole(text: str, names: list[str]) -> None:
    assert [one.name for one in found(text)] == names


def test_a_package_is_not_another_whose_name_goes_on() -> None:
    one = Import("tensorflow_model_optimization_extras.x", 1, eager=True)
    assert not one.within("tensorflow_model_optimization")
