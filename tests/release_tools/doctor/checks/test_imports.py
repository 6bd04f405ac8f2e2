from __future__ import annotations

import dataclasses

import patient
import pytest
from patient import PRUNE, Patch, replaced

from release_tools.doctor.checks import imports


def test_the_healthy_requires_what_it_imports() -> None:
    assert patient.said(imports, patient.subject()) == []
    assert patient.noted(imports, patient.subject()) == []


MISSING = "tf_keras is imported, but tf-keras is not required"


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("import tf_keras", "blocker"),
        ("def f():\n  if f:\n    import tf_keras as keras", "blocker"),  # as in TFMOT 0.8.0
        ("try:\n  import tf_keras\nexcept AttributeError:\n  pass", "blocker"),
    ],
)
def test_a_dependency_that_is_missing(code: str, severity: str) -> None:
    patch = replaced("import tf_keras", code)
    line = 2 + code[: code.index("import tf_keras")].count("\n")
    ill = patient.subject({PRUNE: patch}, requires=["numpy>=1.23"])
    assert patient.said(imports, ill) == [(severity, MISSING, f"{PRUNE}:{line}")]


def test_also_without_a_wheel() -> None:
    setup = replaced("        'tf-keras>=2.14,<3',\n", "")
    ill = dataclasses.replace(patient.subject({"setup.py": setup}), wheel=None)
    assert patient.said(imports, ill) == [("blocker", MISSING, f"{PRUNE}:2")]


@pytest.mark.parametrize("caught", ["ImportError", "(ValueError, ModuleNotFoundError)", "Exception", ""])
def test_what_a_module_can_do_without_is_only_noted(caught: str) -> None:
    patch = replaced("import tf_keras", f"try:\n  import tf_keras\nexcept {caught}:\n  tf_keras = None")
    fine = patient.subject({PRUNE: patch}, requires=["numpy>=1.23"])
    assert patient.said(imports, fine) == []
    assert patient.noted(imports, fine) == [f"{MISSING}; the module can do without it"]


def test_what_tensorflow_brings_is_a_warning_and_tensorflow_itself_nothing() -> None:
    patch = replaced(
        "import tf_keras",
        "import tf_keras\nfrom absl import logging\nimport tensorflow.compat.v1 as tf\nimport os",
    )
    what = "absl is imported, but absl-py is not required; it is there only because TensorFlow brings it"
    assert patient.said(imports, patient.subject({PRUNE: patch})) == [("warning", what, f"{PRUNE}:3")]


@pytest.mark.parametrize(
    ("requirement", "noted"),
    [
        ("mock", ["mock is required, but no module of the library imports it"]),
        ("enum34~=1.1; python_version < '3.4'", []),
        ("pytest; extra == 'test'", []),
    ],
)
def test_what_is_required_for_nothing(requirement: str, noted: list[str]) -> None:
    fine = patient.subject(requires=[*patient.REQUIRES, requirement])
    assert (patient.said(imports, fine), patient.noted(imports, fine)) == ([], noted)


def test_a_requirement_for_another_python_does_not_count() -> None:
    ill = patient.subject(requires=["numpy", "tf-keras; python_version < '3.4'"])
    assert [what for _, what, _ in patient.said(imports, ill)] == [MISSING]


@pytest.mark.parametrize("patch", [replaced("install_requires=[", "install_requires=list(x) or [")])
def test_what_cannot_be_told_without_a_wheel(patch: Patch) -> None:
    ill = dataclasses.replace(patient.subject({"setup.py": patch}), wheel=None)
    what = "cannot tell what ships or what it requires without a wheel"
    assert patient.said(imports, ill) == [("cannot tell", what, "v1.2.3")]
