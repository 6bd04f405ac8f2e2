"""TFMOT's setup.py and requirements.txt, held against each other and never run."""

from __future__ import annotations

from pathlib import Path

import damage
from hypothesis import strategies as st

from release_tools.release import requirements
from release_tools.release.requirements import Aligned

SETUP = """\
import setuptools
REQUIRED_PACKAGES = [
    'absl-py~=1.2',
    'numpy~=1.23',
]
setuptools.setup(install_requires=REQUIRED_PACKAGES)
"""
EXAMPLES = (("absl-py~=1.2\nsix~=1.14  # why\n", SETUP), ("", ""))
INPUTS = st.tuples(damage.texts([EXAMPLES[0][0]]), damage.texts([SETUP]))


def read(given: tuple[str, str], folder: Path) -> Aligned:
    return requirements.align(given[1], given[0])


def holds(value: Aligned, given: tuple[str, str]) -> None:
    """Lines are only ever added, and what was aligned is aligned."""
    assert len(value.setup) >= len(given[1])
    assert len(value.listed) >= len(given[0])
    if not value.findings:
        again = requirements.align(value.setup, value.listed)
        assert (again.setup, again.listed) == (value.setup, value.listed)
