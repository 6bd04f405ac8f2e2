from __future__ import annotations

import dataclasses

import patient
import pytest
from packaging.version import Version
from patient import replaced

from release_tools.doctor.checks import note_claims
from release_tools.doctor.subject import Subject


def subject(sentence: str, now: list[str], before: list[str]) -> Subject:
    """A release whose notes say something of its requirements."""
    changes = {"RELEASE.md": replaced("* Prunes faster.", sentence)}
    return patient.subject(changes, requires=now, required_before=before)


RELAX = " * Relax absl-py requirements for tensorflow_model_optimization."  # of TFMOT 0.8.1


@pytest.mark.parametrize(
    ("sentence", "now", "before"),
    [
        ("* Prunes faster.", ["numpy"], ["numpy"]),
        (RELAX, ["absl-py>=1.2"], ["absl-py~=1.2"]),
        (RELAX, ["absl-py"], ["absl-py~=1.2"]),
        (" * Mark compatibility with numpy v2.", ["numpy>=1.23"], ["numpy~=1.23"]),
        ("* Requires tf-keras>=2.14.1.", ["tf-keras>=2.14.1"], []),
        ("* numpy moved from numpy~=1.23 to numpy>=1.23", ["numpy>=1.23"], ["numpy~=1.23"]),
        ("* Drop the dependency on enum34.", ["numpy"], ["numpy", "enum34~=1.1"]),
        ("* Add scipy to the required packages.", ["scipy"], []),
        ("* Pin six.", ["six==1.16"], ["six"]),
        ("* Redirect TF references.", ["six"], ["six"]),
        ("* Removes a tree of layers", ["dm-tree"], ["dm-tree"]),
    ],
)
def test_what_is_true(sentence: str, now: list[str], before: list[str]) -> None:
    assert patient.said(note_claims, subject(sentence, now, before)) == []


@pytest.mark.parametrize(
    ("sentence", "now", "before", "what"),
    [
        (
            RELAX,
            ["absl-py~=1.2"],
            ["absl-py~=1.2"],
            "absl-py that it was relaxed, but the metadata has absl-py~=1.2, as before",
        ),
        (
            RELAX,
            ["absl-py~=1.3"],
            ["absl-py~=1.2"],
            "absl-py that it was relaxed, but the metadata has absl-py~=1.3 (before: absl-py~=1.2)",
        ),
        (
            "* Support NumPy 2.0.",
            ["numpy~=1.23"],
            ["numpy~=1.23"],
            "numpy that version 2 is allowed, but the metadata has numpy~=1.23, as before",
        ),
        (
            "* Requires tf-keras>=2.15.",
            ["tf-keras>=2.14.1"],
            ["tf-keras>=2.14.1"],
            "tf-keras that it is >=2.15, but the metadata has tf-keras>=2.14.1, as before",
        ),
        (
            "* Remove the enum34 dependency.",
            ["enum34"],
            ["enum34"],
            "enum34 that it was dropped, but the metadata has enum34, as before",
        ),
        (
            "* Add the required package six.",
            ["numpy"],
            ["numpy", "six"],
            "six that it was added, but the metadata has nothing (before: six)",
        ),
        (
            "* Pins six.",
            ["six"],
            ["six==1.16"],
            "six that it was tightened, but the metadata has six (before: six==1.16)",
        ),
    ],
)
def test_what_is_false(sentence: str, now: list[str], before: list[str], what: str) -> None:
    found = patient.said(note_claims, subject(sentence, now, before))
    assert found == [("blocker", f"the notes say of {what}", "RELEASE.md:5")]


def test_a_dependency_that_only_requirements_txt_has() -> None:
    changes = {
        "RELEASE.md": replaced("* Prunes faster.", "* Add required package scipy."),
        "requirements.txt": lambda text: text + "scipy\n",
    }
    what = "the notes say of scipy that it was added, but the metadata has nothing, as before"
    assert patient.said(note_claims, patient.subject(changes)) == [("blocker", what, "RELEASE.md:5")]


def test_what_is_required_cannot_be_told() -> None:
    changes = {
        "RELEASE.md": replaced("* Prunes faster.", "* Relax numpy."),
        "setup.py": replaced("install_requires=[", "install_requires=list(x) or ["),
    }
    unknown = dataclasses.replace(patient.subject(changes), wheel=None)
    what = "what it requires is not known, so neither is whether the notes are right"
    assert patient.said(note_claims, unknown) == [("cannot tell", what, "RELEASE.md:3")]


def test_a_range_that_is_none_is_not_believed() -> None:
    found = patient.said(note_claims, subject("* Requires numpy>=1.x", ["numpy"], ["numpy"]))
    assert found == [("cannot tell", "whether the notes are right that it is numpy>=1.x", "RELEASE.md:5")]


def test_a_change_cannot_be_told_without_the_release_before() -> None:
    alone = dataclasses.replace(subject(RELAX, ["absl-py~=1.2"], []), previous_wheel=None, previous_tree=None)
    what = "whether absl-py was changed: the release before is not known"
    assert patient.said(note_claims, alone) == [("cannot tell", what, "RELEASE.md:5")]


def test_after_a_release_its_notes_are_no_claims_of_the_next_one() -> None:
    after = subject("* Relax numpy.", ["numpy"], ["numpy"])
    after = dataclasses.replace(after, expected=None, previous_version=Version("1.2.3"))
    assert patient.said(note_claims, after) == []


def test_the_trees_are_asked_where_there_are_no_wheels() -> None:
    changes = {"RELEASE.md": replaced("* Prunes faster.", "* Relax numpy.")}
    ill = dataclasses.replace(patient.subject(changes), wheel=None, previous_wheel=None)
    what = "the notes say of numpy that it was relaxed, but the metadata has numpy>=1.23, as before"
    assert patient.said(note_claims, ill) == [("blocker", what, "RELEASE.md:5")]
