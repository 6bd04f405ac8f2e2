from __future__ import annotations

import dataclasses

import patient
import pytest

from release_tools.doctor.checks import python_requires
from release_tools.doctor.subject import Subject, Trial

WHEEL = "tensorflow_model_optimization-1.2.3-py3-none-any.whl"
A = f"{patient.P}/a.py"


def subject(python: str, code: str = "", tag: str = "py3-none-any") -> Subject:
    return patient.with_wheel(patient.subject(), requires_python=python, texts={A: code}, tag=tag)


@pytest.mark.parametrize(
    ("python", "code"),
    [
        (">=3.9", "if (x := 1): pass"),
        (">=3.10,<3.14", "match 1:\n  case 1: pass"),
        (">=3.6", "print(f'{1}')"),
        ("~=3.8", "def f(a, /): pass"),
        (">=3.4", "import enum"),
        (">=3.9", "not python ("),
    ],
)
def test_it_is_honest(python: str, code: str) -> None:
    assert patient.said(python_requires, subject(python, code)) == []


@pytest.mark.parametrize(
    ("python", "code", "what"),
    [
        (">=3", "print(f'{1}')", "python_requires >=3 allows 3.3, the code needs 3.6: f-strings"),
        (">=3.7", "\nif (x := 1): pass", "python_requires >=3.7 allows 3.7, the code needs 3.8: :="),
        (">=3.9", "match 1:\n  case 1: pass", "python_requires >=3.9 allows 3.9, the code needs 3.10: match"),
        (
            ">=3.6",
            "from dataclasses import field",
            "python_requires >=3.6 allows 3.6, the code needs 3.7: dataclasses",
        ),
        (
            ">=3.6",
            "from __future__ import annotations",
            "python_requires >=3.6 allows 3.6, the code needs 3.7: __future__.annotations",
        ),
        (
            ">=3.7",
            "def f(a, /): pass",
            "python_requires >=3.7 allows 3.7, the code needs 3.8: positional-only parameters",
        ),
    ],
)
def test_code_that_needs_more(python: str, code: str, what: str) -> None:
    (found,) = patient.said(python_requires, subject(python, code))
    assert found[:2] == ("warning", what)
    assert found[2].startswith(f"{A}:")


def test_nothing_is_said_of_python() -> None:
    what = "the metadata says nothing of Python, so pip takes any"
    assert patient.said(python_requires, subject("")) == [("warning", what, WHEEL)]


def test_what_is_said_is_no_range() -> None:
    what = "'three' is no range of versions"
    assert patient.said(python_requires, subject("three")) == [("cannot tell", what, WHEEL)]


def test_a_name_that_still_promises_python_2() -> None:
    fine = subject(">=3.9", tag="py2.py3-none-any")
    assert patient.noted(python_requires, fine) == [
        "its name says py2.py3-none-any, though Python 2 is not allowed"
    ]


@pytest.mark.parametrize(
    ("role", "python", "expected"),
    [
        (
            "oldest",
            ">=3.9",
            [
                (
                    "warning",
                    "python_requires >=3.6 allows 3.6, but TensorFlow 2.14.1 needs 3.9 "
                    "(it requires tf-keras>=2.14.1)",
                    WHEEL,
                )
            ],
        ),
        ("oldest", ">=3.6", []),
        ("oldest", "", []),
        ("oldest", "?", []),
        ("newest", ">=3.10", []),
    ],
)
def test_the_oldest_tensorflow_needs_more(
    role: str, python: str, expected: list[tuple[str, str, str]]
) -> None:
    installed = {"tensorflow": ("2.14.1", python), "scipy": ("1.17", ">=3.11")}
    trial = Trial(role, "2.14.1", "it requires tf-keras>=2.14.1", "3.11.7", 5, installed)
    assert patient.said(python_requires, dataclasses.replace(subject(">=3.6"), trials=(trial,))) == expected
