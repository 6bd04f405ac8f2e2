from __future__ import annotations

import dataclasses

import patient

from release_tools.doctor.checks import environments
from release_tools.doctor.findings import Finding
from release_tools.doctor.subject import Subject, Trial

OLDEST = Trial("oldest", "2.14.1", "it requires tf-keras>=2.14.1", "3.11.7", 5)
NEWEST = Trial("newest", "2.21.0", "the newest on the index", "3.11.7", 5)
MISSING = "ModuleNotFoundError: No module named 'tf_keras'"
INNER = "ModuleNotFoundError: No module named 'keras.src.engine'"


def subject(*trials: Trial) -> Subject:
    return dataclasses.replace(patient.subject(), trials=trials)


def test_all_modules_import() -> None:
    assert patient.said(environments, subject(OLDEST, NEWEST)) == []


def test_one_finding_a_reason_the_first_first() -> None:
    failures = {"a.b": MISSING, "a.c": INNER, "a.d": INNER}
    ill = dataclasses.replace(NEWEST, failures=failures, installed={"keras": ("3.15.1", "")})
    where = "TensorFlow 2.21.0, Python 3.11.7"
    beside = "of 5 modules do not import beside the newest TensorFlow (Keras 3.15.1)"
    assert patient.said(environments, subject(OLDEST, ill)) == [
        ("blocker", f"1 {beside}: {MISSING}; the first is a.b", where),
        ("blocker", f"2 {beside}: {INNER}; the first is a.c", where),
    ]
    mends = [f.mend for f in environments.examine(subject(ill)) if isinstance(f, Finding)]
    assert mends == [
        "require what brings tf_keras in setup.py, or do not import it",
        "make it work, or let the metadata exclude what it does not work with",
    ]


def test_what_pip_refuses() -> None:
    ill = dataclasses.replace(OLDEST, refused="Cannot install a and b")
    what = (
        "pip does not install it beside the oldest TensorFlow (it requires tf-keras>=2.14.1): "
        "Cannot install a and b"
    )
    where = "TensorFlow 2.14.1, Python 3.11.7"
    assert patient.said(environments, subject(ill)) == [("blocker", what, where)]


def test_what_cannot_be_tried_is_no_pass() -> None:
    unknown = dataclasses.replace(
        OLDEST, untold="cannot be told here: there is no TensorFlow 2.0.0 for Python 3.11"
    )
    where = "TensorFlow 2.14.1, Python 3.11.7 (oldest)"
    assert patient.said(environments, subject(unknown)) == [("cannot tell", unknown.untold, where)]
