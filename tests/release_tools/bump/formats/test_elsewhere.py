# ruff: noqa: E501 - a layout and what becomes of it stand side by side
from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import pytest

from release_tools.bump import formats

T = "tensorflow-model-optimization"
FILES = {
    "environment.yml": f"dependencies:\n  - six\n  - pip:\n    - {T}>=0.4\n    - {T}-x\n",
    "conda-dev.yaml": f"a:\nb:\n\n- {T} >=0.4\n",
    "meta.yaml": f"requirements:\n  run:\n    - six\n    - {T} 0.4.*\n",
    "Pipfile": f'[packages]\nsix = "*"\n\n{T} = ">=0.4"\n',
    "tox.ini": f"[testenv]\ndeps =\n  six\n  {T}>=0.4\n",
    "Dockerfile": f"FROM x\nRUN a\n\nRUN pip install {T}==0.4.1\n",
    "gpu.Dockerfile": "FROM x\nRUN a\n\nRUN pip install tensorflow_model_optimization\n",
    "anything": f"\n\n\n{T}\n",
    "notes.md": f"\n\n\nneeds {T}.\n",
}


@pytest.mark.parametrize(("name", "text"), FILES.items(), ids=FILES.keys())
def test_shows_the_line(bumped: Callable[..., str], name: str, text: str) -> None:
    assert bumped(text, name) == "unsupported:4"


def test_without_the_name_nothing_is_declared(bumped: Callable[..., str]) -> None:
    assert bumped(f"{T}-extra and my-{T}", "tox.ini") == "not-declared:0"


NAMES = [
    "requirements.txt", "a/requirements/base.in", "constraints.txt", "pyproject.toml", "setup.py", "setup.cfg",
    "poetry.lock", "Pipfile", "Pipfile.lock", "METADATA", "environment.yml", "tox.ini", "Dockerfile",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_claimed_once(name: str) -> None:
    assert len([format_ for format_ in formats.all_formats() if format_.claims(PurePath(name))]) == 1


@pytest.mark.parametrize("name", ["README.md", "module.py", "data.json", "a.yaml", "ci.yml", "setup.pyc"])
def test_other_files_are_claimed_by_none(name: str) -> None:
    assert formats.of(PurePath(name)) is None
