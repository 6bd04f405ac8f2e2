from __future__ import annotations

import dataclasses
import platform
from collections.abc import Callable
from pathlib import Path

import patient
import pytest
from packaging.version import Version
from patient import PRUNE, replaced, written

from release_tools.doctor import trials
from release_tools.doctor.subject import Trial
from release_tools.wheel.builder import Builder

Publish = Callable[..., None]
PYTHON = platform.python_version()
AVAILABLE = [Version("2.14.0"), Version("2.14.1"), Version("2.20.0")]
NOTES = (
    "# TensorFlow Model Optimization 1.2.3\n* Tested against TensorFlow 2.14.1, and nightly, and Python 3.9\n"
)


@pytest.mark.parametrize(
    ("requires", "notes", "oldest", "why"),
    [
        (("tf-keras>=2.14.1",), "", "2.14.1", "it requires tf-keras>=2.14.1"),
        (("tensorflow==2.14.*",), NOTES, "2.14", "it requires tensorflow==2.14.*"),
        (("tensorflow~=2.14.0", "numpy"), NOTES, "2.14.0", "it requires tensorflow~=2.14.0"),
        (("numpy>=1.23", "tf-keras<3"), NOTES, "2.14.1", 'its notes say "Tested against"'),
    ],
)
def test_the_oldest_and_the_newest_tensorflow(
    requires: tuple[str, ...], notes: str, oldest: str, why: str
) -> None:
    wheel = patient.wheel(patient.tree(), requires=requires)
    assert trials.supported(wheel, notes, AVAILABLE) == (
        Trial("oldest", oldest, why, PYTHON),
        Trial("newest", "2.20.0", "the newest on the index", PYTHON),
    )


@pytest.mark.parametrize(
    ("requires", "available", "untold"),
    [
        (
            ("tf-keras>=2.0.0",),
            AVAILABLE,
            [
                f"cannot be told here: there is no TensorFlow 2.0.0 for Python {PYTHON}; "
                "the oldest is 2.14.0",
                "",
            ],
        ),
        (
            (),
            AVAILABLE,
            ["neither its requirements nor its notes say what the oldest supported TensorFlow is", ""],
        ),
        (("tf-keras>=2.14.1",), [], [f"there is no TensorFlow for Python {PYTHON}"]),
    ],
)
def test_what_cannot_be_tried_here(
    requires: tuple[str, ...], available: list[Version], untold: list[str]
) -> None:
    wheel = patient.wheel(patient.tree(), requires=requires)
    assert [trial.untold for trial in trials.supported(wheel, "", available)] == untold


TRIAL = Trial("newest", "2.20", "the newest on the index", PYTHON)
KERAS = {"tf_keras.py": "models = None\n"}
NUMPY = {"numpy.py": "minimum = min\n"}


@pytest.fixture
def index(publish: Publish, build_tools: Builder) -> Publish:
    """A TensorFlow that brings numpy, and tf-keras."""
    publish("tensorflow", "2.20", {"tensorflow.py": ""}, requires=["numpy"])
    publish("numpy", "1.26", NUMPY)
    publish("tf-keras", "2.20", KERAS, requires=["tensorflow<2.21,>=2.20"], python=">=3.9")
    return publish


def attempt(folder: Path, requires: list[str], **changes: object) -> Trial:
    path = patient.write_wheel(folder, patient.tree(**changes), requires=requires)  # type: ignore[arg-type]
    return trials.attempt(TRIAL, path, patient.wheel(patient.tree(), requires=requires))


def test_a_healthy_wheel_imports_in_a_clean_environment(index: Publish, tmp_path: Path) -> None:
    found = attempt(tmp_path, ["numpy>=1.23", "tf-keras>=2.14"])
    assert (found.failures, found.refused, found.untold, found.modules) == ({}, "", "", 7)
    assert found.installed == {
        "numpy": ("1.26", ">=3"),
        "tensorflow": ("2.20", ">=3"),
        "tf-keras": ("2.20", ">=3.9"),
    }


def test_a_dependency_that_is_missing_shows(index: Publish, tmp_path: Path) -> None:
    found = attempt(tmp_path, ["numpy"])
    assert set(found.failures.values()) == {"ModuleNotFoundError: No module named 'tf_keras'"}
    assert patient.PRUNE.removesuffix(".py").replace("/", ".") in found.failures


def test_requirements_that_exclude_the_tensorflow_are_a_refusal(index: Publish, tmp_path: Path) -> None:
    index("tf-keras", "2.19", KERAS, requires=["tensorflow<2.20"])
    found = attempt(tmp_path, ["tf-keras==2.19"])
    assert "conflicting dependencies" in found.refused
    assert (found.untold, found.modules) == ("", 0)


def test_requirements_that_the_index_does_not_have_cannot_be_told(index: Publish, tmp_path: Path) -> None:
    found = attempt(tmp_path, ["scipy"])
    assert found.refused == ""
    assert found.untold.startswith(
        f"cannot be told here: its requirements do not install on Python {PYTHON}: pip:"
    )


def test_a_tensorflow_that_is_not_there(index: Publish, tmp_path: Path) -> None:
    path = patient.write_wheel(tmp_path, patient.tree())
    missing = dataclasses.replace(TRIAL, tensorflow="1.14.0")
    found = trials.attempt(missing, path, patient.wheel(patient.tree()))
    assert found.untold.startswith("TensorFlow 1.14.0 itself does not install: pip:")


def test_a_module_that_ends_the_interpreter(index: Publish, tmp_path: Path) -> None:
    found = attempt(tmp_path, ["tf-keras"], changes={PRUNE: written("import os\nos._exit(3)\n")})
    assert set(found.failures.values()) == {"Python ended with status 3 while importing"}
    assert len(found.failures) == 7


def test_folders_of_this_machine_are_not_in_the_reason(index: Publish, tmp_path: Path) -> None:
    found = attempt(tmp_path, ["tf-keras"], changes={PRUNE: written("from numpy import nothing\n")})
    reasons = {"ImportError: cannot import name 'nothing' from 'numpy'"}
    assert reasons <= set(found.failures.values())


def test_all_trials_of_a_wheel(index: Publish, tmp_path: Path) -> None:
    tree, requires = patient.tree(changes={PRUNE: replaced("tf_keras", "torch")}), ["tf-keras<3"]
    path, wheel = (
        patient.write_wheel(tmp_path, tree, requires=requires),
        patient.wheel(tree, requires=requires),
    )
    said: list[str] = []
    found = trials.run(path, wheel, NOTES.replace("2.14.1", "2.20"), said.append)
    assert [(trial.role, set(trial.failures.values())) for trial in found] == [
        ("oldest", {"ModuleNotFoundError: No module named 'torch'"}),
        ("newest", {"ModuleNotFoundError: No module named 'torch'"}),
    ]
    assert said == ["Installing beside TensorFlow 2.20 and 2.20"]
