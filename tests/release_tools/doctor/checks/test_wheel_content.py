from __future__ import annotations

import dataclasses

import patient
import pytest
from patient import PRUNE, replaced

from release_tools.doctor.checks import wheel_content
from release_tools.doctor.subject import Subject
from release_tools.wheel import tfmot


def with_members(**changes: str) -> Subject:
    """The healthy with other members in its wheel; an empty digest takes one away."""
    subject = patient.subject()
    assert subject.wheel is not None
    members = {**subject.wheel.members, **changes}
    return patient.with_wheel(subject, members={name: digest for name, digest in members.items() if digest})


def test_the_wheel_of_the_healthy_is_its_tree() -> None:
    assert patient.said(wheel_content, patient.subject()) == []


@pytest.mark.parametrize(
    ("name", "digest", "what"),
    [
        (PRUNE, "0" * 64, "a file is not in the wheel as it is in the tree"),
        (tfmot.VERSION_FILE, "0" * 64, "version.py is not in the wheel as it is in the tree"),
        (PRUNE, "", "a module that a BUILD target names is not in the wheel"),
        (f"{tfmot.PACKAGE}/new.py", "0" * 64, "a file of the wheel is not in the tree"),
    ],
)
def test_a_file_that_is_not_as_in_the_tree(name: str, digest: str, what: str) -> None:
    assert patient.said(wheel_content, with_members(**{name: digest})) == [("blocker", what, name)]


def test_a_file_that_no_target_names() -> None:
    subject = patient.subject()
    assert subject.tree is not None
    ill = with_members(**{patient.TEST: subject.tree.digests[patient.TEST]})
    what = "a file is in the wheel that no BUILD target of it names"
    assert patient.said(wheel_content, ill) == [("blocker", what, patient.TEST)]


def test_build_files_that_cannot_be_walked() -> None:
    subject = patient.subject()
    ill = dataclasses.replace(
        subject, tree=patient.tree(changes={patient.BUILD: replaced("deps", "deps = x, y")})
    )
    found = patient.said(wheel_content, ill)
    assert [(kind, where) for kind, _, where in found] == [("cannot tell", "v1.2.3")]
    assert found[0][1].startswith("which files should ship: error[build-file]: cannot read 'x'")
