from __future__ import annotations

import patient
import pytest
from patient import Patch, replaced, written

from release_tools.doctor.checks import requirements

TXT = "requirements.txt"


def test_the_healthy_agrees() -> None:
    assert patient.said(requirements, patient.subject()) == []


@pytest.mark.parametrize(
    "text", ["numpy >= 1.23\nTF_Keras<3,>=2.14  # as in setup.py\n", "-c x\nnumpy>=1.23\ntf-keras>=2.14,<3\n"]
)
def test_the_same_written_otherwise(text: str) -> None:
    assert patient.said(requirements, patient.subject({TXT: written(text)})) == []


@pytest.mark.parametrize(
    ("path", "patch", "expected"),
    [
        (
            TXT,
            replaced("1.23", "1.24"),
            [("warning", "setup.py has numpy>=1.23, requirements.txt has numpy>=1.24", TXT)],
        ),
        (
            TXT,
            replaced("numpy>=1.23\n", ""),
            [("warning", "setup.py has numpy>=1.23, which requirements.txt does not have", TXT)],
        ),
        (
            TXT,
            lambda text: text + "scipy\n",
            [("warning", "requirements.txt has scipy, which setup.py does not have", TXT)],
        ),
        (TXT, written("numpy >= \n"), [("cannot tell", "a line is no requirement", TXT)]),
        (
            "setup.py",
            replaced("numpy>=1.23", "numpy>=1.24"),
            [
                ("blocker", "setup.py has numpy>=1.24, the wheel has numpy>=1.23", "setup.py:23"),
                ("warning", "setup.py has numpy>=1.24, requirements.txt has numpy>=1.23", TXT),
            ],
        ),
    ],
)
def test_what_does_not_agree(path: str, patch: Patch, expected: list[tuple[str, str, str]]) -> None:
    assert patient.said(requirements, patient.subject({path: patch})) == expected


def test_a_computed_list_is_taken_from_the_wheel() -> None:
    computed = replaced("install_requires=[", "install_requires=list(open('x')) or [")
    assert patient.said(requirements, patient.subject({"setup.py": computed})) == []
    ill = patient.subject({"setup.py": computed, TXT: replaced("1.23", "1.24")})
    what = "the wheel has numpy>=1.23, requirements.txt has numpy>=1.24"
    assert patient.said(requirements, ill) == [("warning", what, TXT)]
