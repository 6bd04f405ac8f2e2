# ruff: noqa: E501 - a layout and what becomes of it stand side by side
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import placed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_tools.bump.formats import pyproject
from release_tools.bump.reading import File, Package

T = "tensorflow-model-optimization"
POETRY = "[tool.poetry.dependencies]\n"
RAISED = {
    "dependencies": (f'[project]\ndependencies = ["six", "{T}>=0.4.1"]\n', f'[project]\ndependencies = ["six", "{T}>=0.8.0"]\n'),
    "literal string": (f"project.dependencies = ['{T}>=0.4']", f"project.dependencies = ['{T}>=0.8.0']"),
    "comments and layout": (
        f'[project]\ndependencies = [ # the least\n\t"six",# six\n  # "{T}>=0.3",\n  "{T} [x] >= 0.4 ; python_version < \'3.9\'"  , # why\n]   \n',
        f'[project]\ndependencies = [ # the least\n\t"six",# six\n  # "{T}>=0.3",\n  "{T} [x] >= 0.8.0 ; python_version < \'3.9\'"  , # why\n]   \n',
    ),
    "crlf, byte order mark": (f'\ufeff[project]\r\ndependencies = [\r\n"{T}",\r\n]\r\n', f'\ufeff[project]\r\ndependencies = [\r\n"{T}>=0.8.0",\r\n]\r\n'),
    "optional": (f'[project.optional-dependencies]\n"a" = ["{T}~=0.7"]\n', f'[project.optional-dependencies]\n"a" = ["{T}~=0.8"]\n'),
    "groups": (
        f'[dependency-groups]\ntest = ["{T}>0.4", {{include-group = "lint"}}]\nlint = ["ruff"]\n',
        f'[dependency-groups]\ntest = ["{T}>=0.8.0", {{include-group = "lint"}}]\nlint = ["ruff"]\n',
    ),
    "build": (f'[build-system]\nrequires = ["{T}<1"]\n', f'[build-system]\nrequires = ["{T}>=0.8.0,<1"]\n'),
    "uv": (f'[tool.uv]\ndev-dependencies = ["{T}"]\nconstraint-dependencies = ["{T}<0.9"]\n', f'[tool.uv]\ndev-dependencies = ["{T}>=0.8.0"]\nconstraint-dependencies = ["{T}>=0.8.0,<0.9"]\n'),
    "twice": (f'[project]\ndependencies = ["{T}>=0.4"]\noptional-dependencies.x = ["{T}>=0.4"]\n', f'[project]\ndependencies = ["{T}>=0.8.0"]\noptional-dependencies.x = ["{T}>=0.8.0"]\n'),
    "poetry": (f'{POETRY}python = "^3.9"\n{T} = ">=0.4,<0.9" # c\n', f'{POETRY}python = "^3.9"\n{T} = ">=0.8.0,<0.9" # c\n'),
    "poetry, any": (f'{POETRY}{T} = "*"\n', f'{POETRY}{T} = ">=0.8.0"\n'),
    "poetry, caret": (f'{POETRY}{T} = "^0"\n', f'{POETRY}{T} = "^0,>=0.8.0"\n'),
    "poetry, caret at its place": (f"{POETRY}Tensorflow_Model_Optimization = '^0.8.0rc1'\n", f"{POETRY}Tensorflow_Model_Optimization = '^0.8.0rc1,>=0.8.0'\n"),
    "poetry, tilde": (f'{POETRY}{T} = "~0"\n', f'{POETRY}{T} = "~0,>=0.8.0"\n'),
    "poetry, table": (f'{POETRY}{T} = {{ version = ">=0.4", extras = ["a"] }}\n', f'{POETRY}{T} = {{ version = ">=0.8.0", extras = ["a"] }}\n'),
    "poetry, own table": (f'[tool.poetry.dependencies.{T}]\nversion = ">=0.4"\npython = ">3"\n', f'[tool.poetry.dependencies.{T}]\nversion = ">=0.8.0"\npython = ">3"\n'),
    "poetry, group": (f'[tool.poetry.group.dev.dependencies]\n{T} = ">=0.4"\n', f'[tool.poetry.group.dev.dependencies]\n{T} = ">=0.8.0"\n'),
    "poetry, several": (f'{POETRY}{T} = [\n {{version=">=0.4", python="<3.9"}},\n {{version="*", python=">=3.9"}},\n]\n', f'{POETRY}{T} = [\n {{version=">=0.8.0", python="<3.9"}},\n {{version=">=0.8.0", python=">=3.9"}},\n]\n'),
    "names around it": (f'[project]\nname = "{T}"\nkeywords = ["{T}"]\ndependencies = ["{T}-x>=0.1", "{T}>=0.4"]\n', f'[project]\nname = "{T}"\nkeywords = ["{T}"]\ndependencies = ["{T}-x>=0.1", "{T}>=0.8.0"]\n'),
    "tables out of order": (f'[tool.a]\nx=1\n[project]\ndependencies=["{T}>=0.4"]\n[tool.b]\ny=1\n', f'[tool.a]\nx=1\n[project]\ndependencies=["{T}>=0.8.0"]\n[tool.b]\ny=1\n'),
    "parts of a table": (f'[tool.poetry]\nname="a"\n[tool.ruff]\na=1\n{POETRY}{T}=">=0.4"\n[tool.x]\n[tool.poetry.group.a.dependencies]\nsix="*"\n', f'[tool.poetry]\nname="a"\n[tool.ruff]\na=1\n{POETRY}{T}=">=0.8.0"\n[tool.x]\n[tool.poetry.group.a.dependencies]\nsix="*"\n'),
}  # fmt: skip
REFUSED = {
    "pinned": (f'[project]\ndependencies = [\n"{T}==0.4.1"]\n', "pinned:3"),
    "poetry, pinned": (f'{POETRY}{T} = "0.4.1"\n', "pinned:2"),
    "poetry, caret": (f'{POETRY}{T} = "^0.4.1"\n', "upper-bound-conflict:2"),
    "poetry, tilde": (f'{POETRY}{T} = "~0.7"\n', "upper-bound-conflict:2"),
    "poetry, alternatives": (f'{POETRY}{T} = "^0.4 || ^0.8"\n', "unsupported:2"),
    "poetry, nonsense": (f'{POETRY}{T} = "new"\n', "unparseable:2"),
    "poetry, git": (f'{POETRY}{T} = {{git = "https://example.invalid/a"}}\n', "direct-reference:2"),
    "poetry, nothing": (f"{POETRY}{T} = {{extras=['a']}}\n", "unsupported:2"),
    "url": (f'[project]\ndependencies = ["{T} @ https://example.invalid/a.whl"]\n', "direct-reference:2"),
    "uv source": (f'[project]\ndependencies = ["{T}>=0.4"]\n[tool.uv.sources]\n{T} = {{git="https://example.invalid"}}\n', "direct-reference:4"),
    "constraint": (f'[tool.uv]\nconstraint-dependencies = ["{T}<0.8"]\n', "upper-bound-conflict:2"),
    "escapes": (f'[project]\ndependencies = ["\\u0074{T[1:]}>=0.4"]\n', "unparseable:2"),
    "over lines": (f'[project]\ndependencies = ["""{T}>=0.4"""]\n', "unparseable:2"),
    "pixi": (f'[tool.pixi.pypi-dependencies]\n{T} = ">=0.4"\n', "unsupported:2"),
    "some other table": (f'[tool.mine]\nneeds = ["{T}>=0.4"]\n', "unsupported:2"),
    "no TOML": (f"[project\n{T}>=0.4", "unparseable:2"),
    "nonsense": (f'[project]\ndependencies = ["{T} new"]\n', "unparseable:2"),
    "not there": ('[project]\ndependencies = ["six"]\n', "not-declared:0"),
    "computed": ('[build-system]\nbuild-backend = "mine"\n[project]\ndynamic = ["dependencies"]\n', "dynamic:1"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), RAISED.values(), ids=RAISED.keys())
def test_raises(bumped: Callable[..., str], before: str, after: str) -> None:
    assert bumped(before, "pyproject.toml") == after


@pytest.mark.parametrize(("text", "refused"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(bumped: Callable[..., str], text: str, refused: str) -> None:
    assert bumped(text, "pyproject.toml") == refused


@pytest.mark.parametrize(
    "files",
    [
        '[tool.setuptools.dynamic]\ndependencies = {file = ["in/base.txt"]}\n',
        '[tool.setuptools.dynamic]\ndependencies.file = "in/base.txt"\n',
        '[tool.setuptools.dynamic.optional-dependencies]\na = {file = ["in/base.txt"]}\n',
        '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["in/base.txt"]\n',
    ],
)
def test_follows_files(bumped: Callable[..., str], files: str) -> None:
    text = f'[project]\nname = "a"\ndynamic = ["dependencies"]\n{files}'
    assert bumped(text, "pyproject.toml", {"in/base.txt": T}) == repr({"in/base.txt": f"{T}>=0.8.0"})


def test_says_what_stands_beside() -> None:
    text = f'[project]\nrequires-python = ">=3.9"\ndependencies = ["six>=1", "{T}"]\noptional-dependencies.a = ["b"]\n'
    reading = pyproject.read(File(Path("pyproject.toml"), text), Package(T))
    assert (reading.beside, reading.python) == (("six>=1",), ">=3.9")


PIECES = st.sampled_from(
    [
        "[project]\n",
        "dependencies",
        "=",
        f'"{T}>=0.4"',
        POETRY,
        T,
        "[",
        "]",
        "{",
        "}",
        ".",
        ",",
        "\n",
        '"""',
        "'",
        "\\",
        "#",
        "1",
    ]
)


@given(st.lists(PIECES).map("".join) | st.text())
def test_any_text_can_be_read(text: str) -> None:
    placed.require(text, pyproject.read(File(Path("pyproject.toml"), text), Package(T)))
