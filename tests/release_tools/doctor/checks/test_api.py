from __future__ import annotations

import dataclasses

import patient
import pytest
from packaging.version import Version
from patient import API, PRUNE, Patch, gone, replaced

from release_tools.doctor.checks import api

NAME = "tfmot.sparsity.prune"


def test_the_same_api_is_no_change() -> None:
    assert patient.said(api, patient.subject()) == []
    assert patient.noted(api, patient.subject()) == []


REMOVED = {PRUNE: replaced("def prune(", "def _prune("), API: replaced("prune, Schedule", "Schedule")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (REMOVED, f"{NAME} was removed since 1.2.2; 1.2.3 does not announce that"),
        (
            {PRUNE: replaced("model, sparsity=0.5", "model, sparsity")},
            f"{NAME} was changed since 1.2.2: sparsity must be given now; "
            "(model, sparsity=0.5) → (model, sparsity); 1.2.3 does not announce that",
        ),
        (
            {PRUNE: replaced("def step(self, number)", "def step(self)")},
            "tfmot.sparsity.Schedule.step was changed since 1.2.2: number is gone; "
            "(number) → (); 1.2.3 does not announce that",
        ),
        (
            {
                PRUNE: replaced(
                    "class Schedule:\n",
                    "class Schedule:\n  step = None\n\n  def _x(self):\n    pass\n\nclass Y:\n",
                )
            },
            "tfmot.sparsity.Schedule.__init__ was removed since 1.2.2; 1.2.3 does not announce that",
        ),
    ],
)
def test_what_breaks_users_in_a_patch_release(changes: dict[str, Patch], expected: str) -> None:
    found = patient.said(api, patient.subject(changes))
    assert ("blocker", expected) in [(severity, what) for severity, what, _ in found]


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        ("0.8.1", "0.8.2", "blocker"),
        ("0.8.1", "0.9.0", "warning"),
        ("0.8.1", "1.0.0", "warning"),
        ("1.8.1", "1.9.0", "blocker"),
        ("1.8.1", "2.0.0", "warning"),
        ("0.8.1", "0.8.1", "blocker"),
    ],
)
def test_what_semver_says_of_a_removal(before: str, after: str, severity: str) -> None:
    subject = dataclasses.replace(
        patient.subject(REMOVED), expected=Version(after), previous_version=Version(before)
    )
    assert [(s, what.partition(" since")[0]) for s, what, _ in patient.said(api, subject)] == [
        (severity, f"{NAME} was removed")
    ]


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        (
            {PRUNE: replaced("sparsity=0.5", "sparsity=0.5, name=None")},
            [f"{NAME} was changed since 1.2.2: (model, sparsity=0.5) → (model, sparsity=0.5, name=None)"],
        ),
        (
            {PRUNE: replaced("sparsity=0.5", "sparsity=0.6")},
            [f"{NAME} was changed since 1.2.2: (model, sparsity=0.5) → (model, sparsity=0.6)"],
        ),
        (
            {
                PRUNE: lambda text: text + "\n\ndef strip(model):\n  return model\n",
                API: replaced("prune,", "prune, strip,"),
            },
            ["tfmot.sparsity.strip was added since 1.2.2"],
        ),
        ({PRUNE: replaced("return np.minimum", "return np.maximum")}, []),
        ({PRUNE: lambda text: text + "\n\ndef _strip(model):\n  return model\n"}, []),
    ],
)
def test_what_breaks_nobody_is_noted(changes: dict[str, Patch], noted: list[str]) -> None:
    subject = patient.subject(changes)
    assert (patient.said(api, subject), patient.noted(api, subject)) == ([], noted)


def test_an_experimental_name_may_go_with_a_warning() -> None:
    holder = f"{patient.CORE}/api/experimental/__init__.py"
    top = f"{patient.CORE}/api/__init__.py"
    code = patient.written("from tensorflow_model_optimization.python.core.prune import prune\n")
    both = {top: replaced("sparsity\n", "sparsity, experimental\n")}
    subject = patient.subject({**both, holder: patient.written("X = 1\n")}, before={**both, holder: code})
    what = "tfmot.experimental.prune was removed since 1.2.2; it is experimental"
    assert [(severity, what) for severity, what, _ in patient.said(api, subject)] == [("warning", what)]


def test_a_name_that_leads_nowhere() -> None:
    found = patient.said(api, patient.subject({API: replaced("prune, Schedule", "prune, Schedule, strip")}))
    assert found == [("blocker", "tfmot.sparsity.strip imports what is not there", f"{API}:1")]


def test_no_api_at_all_is_not_the_same_as_no_change() -> None:
    top = f"{patient.CORE}/api/__init__.py"
    found = patient.said(api, patient.subject({top: gone, API: gone}))
    assert [(kind, what) for kind, what, _ in found] == [("cannot tell", "there is no public API to compare")]


def test_without_trees_the_wheels_are_read() -> None:
    alone = dataclasses.replace(patient.subject(REMOVED), tree=None, previous_tree=None)
    what = f"{NAME} was removed since 1.2.2; 1.2.3 does not announce that"
    assert [(severity, what) for severity, what, _ in patient.said(api, alone)] == [("blocker", what)]
    fine = dataclasses.replace(patient.subject(), tree=None, previous_tree=None)
    assert patient.said(api, fine) == []


def test_without_griffe_it_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    what = "griffe, which reads APIs, is not installed"
    assert patient.said(api, patient.subject()) == [("cannot tell", what, "v1.2.3")]
