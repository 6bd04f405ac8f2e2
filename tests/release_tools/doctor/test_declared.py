from __future__ import annotations

import pytest
from packaging.requirements import Requirement

from release_tools.doctor import declared


@pytest.mark.parametrize(
    ("text", "requires", "python"),
    [
        ("setup(install_requires=['a>=1', 'b'], python_requires='>=3')", ["a>=1", "b"], ">=3"),
        ("R = ['a']\nR.append('b')\nsetuptools.setup(install_requires=R)", ["a", "b"], ""),
        ("setup(**{'install_requires': ['a'], 'python_requires': '>=3.9'})", ["a"], ">=3.9"),
        ("setup(name='x')", [], ""),
    ],
)
def test_a_setup_is_read(text: str, requires: list[str], python: str) -> None:
    found = declared.setup(text)
    assert found.requires is not None
    assert (list(map(str, found.requires)), found.python) == (requires, python)


@pytest.mark.parametrize(
    "text",
    [
        "setup(install_requires=open('x').read().split())",
        "setup(install_requires=['a >>> 1'])",
        "print('no setup')",
        "setup(",
        "",
    ],
)
def test_what_only_running_it_would_tell_is_unknown(text: str) -> None:
    assert declared.setup(text).requires is None


def test_it_points_at_the_first_requirement() -> None:
    assert declared.setup("X = [\n  'a',\n]\nsetup(install_requires=X)").place == "setup.py:2"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("numpy>=1,<2", "NumPy <2 , >=1", True),
        ("tf_keras", "tf-keras", True),
        ("enum34~=1.1;python_version<'3.4'", 'enum34~=1.1; python_version < "3.4"', True),
        ("enum34~=1.1", 'enum34~=1.1; python_version < "3.4"', False),
        ("a[x]", "a", False),
        ("numpy~=1.23", "numpy~=1.23.0", False),
    ],
)
def test_the_same_requirement(first: str, second: str, same: bool) -> None:
    assert declared.same(Requirement(first), Requirement(second)) is same
