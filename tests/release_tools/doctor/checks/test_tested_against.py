from __future__ import annotations

import dataclasses

import patient
import pytest
from patient import Patch, gone, replaced, written

from release_tools.doctor.checks import tested_against

TESTED = "* Tested against TensorFlow 2.14.1, and nightly, and Python 3.\n"


def test_the_healthy_says_it() -> None:
    assert patient.said(tested_against, patient.subject()) == []


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (replaced(TESTED, ""), [("warning", 'the notes do not say "Tested against"', "RELEASE.md:3")]),
        (
            replaced(TESTED, "Tested against TensorFlow nightly, and Python 3.9.\n"),
            [("warning", '"Tested against" names no version of TensorFlow', "RELEASE.md:3")],
        ),
        (replaced(TESTED, "tested against TensorFlow 1.14.0 and 2.3.0 with Python 3.\n"), []),
        (gone, []),  # said by another check
        (written("# TensorFlow Model Optimization 9.9.9\n"), []),
    ],
)
def test_what_is_missing(patch: Patch, expected: list[tuple[str, str, str]]) -> None:
    assert patient.said(tested_against, patient.subject({"RELEASE.md": patch})) == expected


def test_the_release_to_come_needs_it_as_soon_as_it_has_notes() -> None:
    notes = "# TensorFlow Model Optimization next release TBD\n* Is new.\n"
    head = dataclasses.replace(patient.subject({"RELEASE.md": written(notes)}), expected=None)
    what = 'the notes do not say "Tested against"'
    assert patient.said(tested_against, head) == [("warning", what, "RELEASE.md:1")]
