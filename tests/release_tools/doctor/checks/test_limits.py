from __future__ import annotations

import dataclasses

import patient
import pytest
from packaging.version import Version

from release_tools.doctor.checks import limits

WHEEL = "tensorflow_model_optimization-1.2.3-py3-none-any.whl"
UNLIMITED = "no requirement keeps out a TensorFlow or Keras that it does not work with"
NEWEST = {"numpy": Version("2.4.6"), "tf-keras": Version("2.20.1")}


@pytest.mark.parametrize(
    "requires",
    [
        patient.REQUIRES,
        ("numpy>=1.23", "tensorflow<3"),
        ("numpy", "keras~=2.15"),
        ("numpy<3", "tf_keras<3", "enum34~=1.1; python_version < '3.4'"),
    ],
)
def test_the_healthy_allows_what_works_and_no_more(requires: tuple[str, ...]) -> None:
    fine = dataclasses.replace(patient.subject(requires=requires), newest={**NEWEST, "enum34": Version("9")})
    assert patient.said(limits, fine) == []


@pytest.mark.parametrize(
    ("requires", "what"),
    [
        (("numpy~=1.23", "tf-keras<3"), "numpy~=1.23 shuts out numpy 2.4.6, the newest"),
        (
            ("numpy", "tf-keras>=2.14.1"),
            f"{UNLIMITED} (it has tf-keras>=2.14.1)",
        ),
        (
            ("numpy", "tf-keras<3; extra == 'x'"),
            f"{UNLIMITED} (it has nothing)",
        ),
    ],
)
def test_limits_that_are_wrong(requires: tuple[str, ...], what: str) -> None:
    ill = dataclasses.replace(patient.subject(requires=requires), newest=NEWEST)
    assert patient.said(limits, ill) == [("warning", what, WHEEL)]


def test_without_the_index_newest_versions_are_not_guessed() -> None:
    assert patient.said(limits, patient.subject(requires=("numpy~=1.23", "tf-keras<3"))) == []
