from __future__ import annotations

import dataclasses

import patient
import pytest
from packaging.version import Version
from patient import Patch, gone, replaced, written

from release_tools.doctor.checks import version
from release_tools.wheel import tfmot

SUFFIX = replaced("_VERSION_SUFFIX = ''", "_VERSION_SUFFIX = 'dev'")
NUMBER = replaced("_PATCH_VERSION = '3'", "_PATCH_VERSION = '2'")
COMPUTED = replaced("_PATCH_VERSION = '3'", "_PATCH_VERSION = str(3)")
NO_NOTES = "no release notes for 1.2.3; the newest are for 1.2.2"
FILE = tfmot.VERSION_FILE


def test_the_healthy_names_one_version() -> None:
    assert patient.said(version, patient.subject()) == []


@pytest.mark.parametrize(
    ("path", "patch", "expected"),
    [
        (FILE, NUMBER, ("blocker", "tag v1.2.3 is on a commit whose version.py says 1.2.2", FILE)),
        (
            FILE,
            SUFFIX,
            (
                "blocker",
                "tag v1.2.3 is on a commit whose version.py still says 1.2.3.dev0: "
                "a wheel built from it has that name",
                FILE,
            ),
        ),
        (
            FILE,
            COMPUTED,
            ("cannot tell", f"the version is not plain in version.py: no version in {FILE}", FILE),
        ),
        ("RELEASE.md", replaced("1.2.3", "1.2.2"), ("blocker", NO_NOTES, "RELEASE.md")),
        ("RELEASE.md", gone, ("warning", "there is no RELEASE.md", "v1.2.3")),
        (
            "RELEASE.md",
            written("# TensorFlow Model Optimization 1.2.3\n\n# TensorFlow Model Optimization 1.2.2\nx\n"),
            ("blocker", "its release notes are empty", "RELEASE.md:1"),
        ),
        (
            "RELEASE.md",
            written("# Something else\n"),
            ("blocker", "no release notes for 1.2.3; there are none for any version", "RELEASE.md"),
        ),
    ],
)
def test_another_version_in_the_tree(path: str, patch: Patch, expected: tuple[str, str, str]) -> None:
    ill = patient.subject({path: patch})
    ill = dataclasses.replace(ill, wheel=None)
    assert patient.said(version, ill) == [expected]


def test_a_wheel_of_another_version() -> None:
    ill = patient.with_wheel(patient.subject(), version=Version("1.2.2"))
    what = "the wheel's metadata says 1.2.2, not 1.2.3"
    assert patient.said(version, ill) == [
        ("blocker", what, "tensorflow_model_optimization-1.2.3-py3-none-any.whl")
    ]


def test_what_is_not_tagged_yet_may_have_its_notes_already() -> None:
    untagged = dataclasses.replace(patient.subject(), tag="", expected=None, wheel=None)
    assert (patient.said(version, untagged), patient.noted(version, untagged)) == ([], [])


def test_a_commit_after_a_release_that_still_has_its_version() -> None:
    after = dataclasses.replace(
        patient.subject(), tag="", expected=None, wheel=None, previous_version=Version("1.2.3")
    )
    assert patient.said(version, after) == []
    assert patient.noted(version, after) == [
        "version.py says 1.2.3, which is released, on a commit that comes after it",
        "its release notes are empty",
    ]


def test_a_version_that_a_commit_shall_become() -> None:
    planned = dataclasses.replace(patient.subject({FILE: SUFFIX}), tag="", wheel=None)
    what = "1.2.3 is on a commit whose version.py still says 1.2.3.dev0: a wheel built from it has that name"
    assert patient.said(version, planned) == [("blocker", what, FILE)]
