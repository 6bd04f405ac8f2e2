"""Files that somebody broke, or made to break us: whatever the checks say, none of them may fail."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping

import patient
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release_tools import doctor
from release_tools.doctor.subject import Subject, Tree
from release_tools.wheel import tfmot

FILES = (
    patient.PRUNE,
    patient.TEST,
    patient.API,
    patient.BUILD,
    tfmot.VERSION_FILE,
    "setup.py",
    "requirements.txt",
    "RELEASE.md",
)
DEEP = {
    "brackets": "x = " + "(" * 3000 + ")" * 3000,
    "sums": "x = " + "+".join(["1"] * 20_000),
    "attributes": "x" + ".y" * 20_000,
    "indented": "".join(f"{' ' * depth}if x:\n" for depth in range(90)) + " " * 90 + "pass\n",
    "calls": "f(" * 500 + ")" * 500,
    "null": "x = 1\0\n",
    "surrogate": "x = '\ud800'\n",
    "byte order mark": "\ufeffx = 1\n",
    "cycle": "from tensorflow_model_optimization.python.core.api.sparsity import *\nprune = prune\n",
    "star of nothing": "from nowhere import *\nfrom . import *\n",
    "long line": "#" + "TODO " * 50_000,
    "heading": "# TensorFlow Model Optimization\n" + "# TensorFlow Model Optimization x y\n" * 3,
    "claims": "# TensorFlow Model Optimization 1.2.3\nrelax numpy>=1.x,<\nnumpy 99999999\nadd tf-keras==*\n",
    "stars": "py_library(name='x', srcs=glob(['**/" + "*" * 200 + "a']), deps=[':x'])",
}


healthy = functools.cache(patient.subject)


def sick(changes: Mapping[str, str]) -> Subject:
    """The healthy with other texts in tree and wheel."""
    subject = healthy()
    assert subject.tree is not None
    assert subject.wheel is not None
    tree = dataclasses.replace(subject.tree, texts={**subject.tree.texts, **changes})
    modules = {name: text for name, text in changes.items() if name.endswith(".py")}
    subject = patient.with_wheel(subject, texts={**subject.wheel.texts, **modules})
    return dataclasses.replace(subject, tree=tree)


def fell_over(subject: Subject) -> list[str]:
    report = doctor.examine(subject)
    return [item.what for item in report.could_not_tell if item.what.startswith("the check ended with")]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_no_check_falls_over(text: str, file: str) -> None:
    assert fell_over(sick({file: text})) == []
    before = dataclasses.replace(sick({}), previous_tree=sick({file: text}).tree)
    assert fell_over(before) == []


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(FILES), st.text(max_size=80), min_size=1, max_size=3))
def test_no_check_falls_over_any_text(changes: dict[str, str]) -> None:
    assert fell_over(sick(changes)) == []


def test_a_tree_of_nothing() -> None:
    empty = Tree("x", "", None, {}, {}, None, "no version", "no BUILD file")
    subject = dataclasses.replace(patient.subject(), tree=empty, previous_tree=empty)
    assert fell_over(subject) == []
    assert not doctor.examine(subject).clean
