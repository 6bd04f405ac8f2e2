from __future__ import annotations

import patient
import pytest

from release_tools.doctor import api

P, A = patient.P, f"{patient.CORE}/api"
TOP = {
    f"{P}/__init__.py": "",
    f"{A}/__init__.py": "from tensorflow_model_optimization.python.core.impl import *\n",
}
IMPL = f"{patient.CORE}/impl.py"


def read(code: str, **files: str) -> dict[str, str]:
    """Names with their kinds and signatures."""
    texts = {**TOP, IMPL: code, **{f"{patient.CORE}/{name}.py": text for name, text in files.items()}}
    return {
        name: f"{s.kind}{s.signature if s.kind == 'function' else ''}" for name, s in api.read(texts).items()
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(a, /, b, *args, c=1, **kw): pass", {"tfmot.f": "function(a, b, *args, c=1, **kw)"}),
        (
            "class C:\n  X = 1\n  def __init__(self, a): pass\n  def _p(self): pass\n  def m(self): pass",
            {
                "tfmot.C": "class",
                "tfmot.C.X": "attribute",
                "tfmot.C.__init__": "function(a)",
                "tfmot.C.m": "function()",
            },
        ),
        ("import tensorflow as tf\nfrom six import wraps\n_private = 1", {}),
        ("def broken(:", {"tfmot.*": api.BROKEN}),
        ("class C(C): pass\nC.C = C", {"tfmot.C": "class"}),
    ],
)
def test_what_users_see(code: str, expected: dict[str, str]) -> None:
    assert read(code) == expected


def test_imports_are_followed_through_modules_and_folders_without_init() -> None:
    code = "from tensorflow_model_optimization.python.core.deep.more import f\n"
    assert read(code, **{"deep/more": "def f(x): pass\n"}) == {"tfmot.f": "function(x)"}


def test_a_name_that_leads_nowhere_and_one_that_leads_outside() -> None:
    code = "from tensorflow_model_optimization.python.core.deep import gone\nfrom six import moves\n"
    assert read(code) == {"tfmot.gone": api.BROKEN}


def test_names_that_lead_in_a_circle_are_no_names() -> None:
    code = "from tensorflow_model_optimization.python.core.other import x\n"
    other = "from tensorflow_model_optimization.python.core.impl import x\n"
    assert read(code, other=other) == {}


def test_no_api() -> None:
    assert api.read({}) == {}
    assert api.read({f"{P}/x.py": "def f(): pass"}) == {}


def function(signature: str) -> api.Symbol:
    texts = {**TOP, IMPL: f"def f{signature}: pass\n"}
    return api.read(texts)["tfmot.f"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("(a)", "()", "a is gone"),
        ("(*args)", "()", "*args is gone"),
        ("(**kw)", "()", "**kw is gone"),
        ("(a=1)", "(a)", "a must be given now"),
        ("()", "(a)", "a is new and must be given"),
        ("(a, b)", "(b, a)", "their order is another"),
        ("(a, b=1)", "(a, c=2, b=1)", "a new one stands before old ones"),
    ],
)
def test_calls_that_do_not_work_any_more(old: str, new: str, reason: str) -> None:
    (change,) = api.compare({"f": function(old)}, {"f": function(new)})
    assert (change.breaks, change.how.partition(";")[0]) == (True, reason)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(a)", "(a, b=1)"),
        ("(a=1)", "(a=2)"),
        ("(a)", "(a, *args, **kw)"),
        ("(a, b=1)", "(a, **kw)"),
        ("(a, *, b=1)", "(a, *, c=2, b=1)"),
        ("(a)", "(a=1)"),
    ],
)
def test_calls_that_still_work(old: str, new: str) -> None:
    (change,) = api.compare({"f": function(old)}, {"f": function(new)})
    assert not change.breaks


def test_what_lies_in_something_new_or_gone_is_not_listed_again() -> None:
    leaf = api.Symbol("class", "a.py:1")
    tree = {"t.c": leaf, "t.c.m": leaf, "t.c.m.x": leaf}
    assert [(c.kind, c.name) for c in api.compare(tree, {})] == [("removed", "t.c")]
    assert [(c.kind, c.name) for c in api.compare({}, tree)] == [("added", "t.c")]


def test_another_kind_of_thing() -> None:
    (change,) = api.compare({"f": api.Symbol("class", "a")}, {"f": api.Symbol("function", "a")})
    assert (change.breaks, change.how) == (True, "class → function")
