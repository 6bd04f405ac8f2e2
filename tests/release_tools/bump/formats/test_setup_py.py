# ruff: noqa: E501 - a layout and what becomes of it stand side by side
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import placed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_tools.bump.formats import setup_py
from release_tools.bump.reading import File, Package

T = "tensorflow-model-optimization"
S = "from setuptools import setup\n"
READS = """
def _requirements():
    found = []
    with open(os.path.join(os.path.dirname(__file__), '../base.txt'), 'r') as f:
        for line in f:
            if not line.strip().startswith('#'):
                found.append(line.strip())
    return found, []

install_requires, links = _requirements()
install_requires.append('six')
setuptools.setup(name="a", install_requires=install_requires, dependency_links=links)
"""
# Only `>=0.4` changes in these, to `>=0.8.0`.
RAISED = {
    "a list": f"{S}setup(install_requires=['six', '{T}>=0.4'])\n",
    "no final newline, crlf": f"{S.strip()}\r\nsetup(\r\n  install_requires=[\r\n    '{T}>=0.4', # c\r\n  ])",
    "a tuple": f'import setuptools\nsetuptools.setup(install_requires=("six", "{T} >=0.4,<0.9 ; python_version<\'3.9\'"),)\n',
    "extras": f"{S}setup(extras_require={{'a': ['{T}>=0.4'], 'b': ['six']}})\n",
    "tests": f"{S}setup(tests_require=['{T}>=0.4'], setup_requires=[])\n",
    "a name": f"{S}REQUIRED = ['{T}>=0.4']\nsetup(install_requires=REQUIRED)\n",
    "a typed name": f"{S}REQUIRED: list[str] = ['{T}>=0.4']\nsetup(install_requires=REQUIRED)\n",
    "names and sums": f"{S}A = ['six']\nB = A + ['{T}>=0.4']\nsetup(install_requires=A + B + ['x'])\n",
    "grown": f"{S}A = []\nA += ['six']\nA.append('{T}>=0.4')\nA.extend(['x'])\nsetup(install_requires=A)\n",
    "on a condition": f"{S}A = []\nif sys.version_info < (3, 9):\n    A = ['{T}>=0.4']\nelse:\n    A = ['{T}>=0.9']\nsetup(install_requires=A)\n",
    "either": f"{S}setup(install_requires=['{T}>=0.4'] if X else ['{T}>=0.9'])\n",
    "an item in a name": f"{S}TFMOT = '{T}>=0.4'\nsetup(install_requires=['six', TFMOT], extras_require={{'a': [TFMOT]}})\n",
    "entries": f"{S}E = {{}}\nE['a'] = ['{T}>=0.4']\nE['all'] = sorted(E['a'] + ['x'])\nsetup(extras_require=E)\n",
    "keywords in a dictionary": f"{S}K = dict(name='{T}', install_requires=['{T}>=0.4'])\nK['version'] = '1'\nsetup(**K)\n",
    "literal keywords": f"{S}setup(**{{'install_requires': ['{T}>=0.4'], 'keywords': ['{T}']}})\n",
    "starred": f"{S}A = ['{T}>=0.4']\nsetup(install_requires=[*A, 'six'])\n",
    "one string": f'{S}setup(install_requires="""\n  six\n  # {T}>=0.1\n  {T}>=0.4\n""")\n',
    "raw string": f"{S}setup(install_requires=[r'{T}>=0.4', 'a\\x62'])\n",
    "names around it": f"{S}setup(name='{T}', packages=['tensorflow_model_optimization'], description='{T} for all', keywords=['{T}'], install_requires=['{T}-x>=0.1', '{T}>=0.4'])\n",
    "not ASCII": f"# größer 例\n{S}setup(author='ä例', install_requires=['{T}>=0.4'])\n",
}  # fmt: skip
REFUSED = {
    "pinned": (f"{S}setup(install_requires=['six',\n '{T}==0.4'])\n", "pinned:3"),
    "url": (f"{S}setup(install_requires=['{T} @ https://example.invalid/a.whl'])\n", "direct-reference:2"),
    "put together": (f"{S}V = '0.4'\nsetup(install_requires=['{T}>=' + V])\n", "dynamic:3"),
    "formatted": (f"{S}setup(install_requires=['{T}>={{}}'.format(V)])\n", "dynamic:2"),
    "percent": (f"{S}setup(install_requires=['{T}>=%s' % V])\n", "dynamic:2"),
    "f-string": (f"{S}setup(install_requires=[f'{T}>={{V}}'])\n", "dynamic:2"),
    "side by side": (f"{S}setup(install_requires=['{T}' '>=0.4'])\n", "dynamic:2"),
    "comprehension": (f"{S}setup(install_requires=[r for r in ['{T}>=0.4']])\n", "dynamic:2"),
    "a function": (f"{S}def f():\n  return ['{T}>=0.4']\nsetup(install_requires=f())\n", "dynamic:3"),
    "elsewhere": (f"{S}OTHER = ['{T}>=0.4']\nsetup(install_requires=['six'])\n", "dynamic:2"),
    "no setup()": (f"REQUIRED = ['{T}>=0.4']\n", "dynamic:1"),
    "computed": (f"{S}setup(install_requires=load())\n", "dynamic:2"),
    "escapes": (f"{S}setup(install_requires=['{T}\\x3e=0.4'])\n", "unparseable:2"),
    "nonsense": (f"{S}setup(install_requires=['{T} new'])\n", "unparseable:2"),
    "no Python": (f"{S}print '{T}'\n", "unparseable:2"),
    "too deep": (f"{S}setup(install_requires={'[' * 3000}'{T}'{']' * 3000})\n", "unparseable:2"),
    "too long": (f"{S}setup(install_requires=['{T}'], x=a{'.b' * 5000})\n", "unparseable:2"),
    "too many signs": (f"{S}setup(install_requires=['{T}'], x={'-' * 5000}1)\n", "unparseable:2"),
    "not there": (f"{S}setup(install_requires=['six'])\n", "not-declared:0"),
    "never run": (f"{S}open('/tmp/planted', 'w')\n1/0\nsetup(name='{T}')\n", "not-declared:0"),
}  # fmt: skip


@pytest.mark.parametrize("before", RAISED.values(), ids=RAISED.keys())
def test_raises(bumped: Callable[..., str], before: str) -> None:
    assert bumped(before, "setup.py") == before.replace(">=0.4", ">=0.8.0")


@pytest.mark.parametrize(("text", "refused"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(bumped: Callable[..., str], text: str, refused: str) -> None:
    assert bumped(text, "setup.py") == refused


@pytest.mark.parametrize(
    "text",
    [
        READS.replace("..", "."),
        f"{S}setup(install_requires=open('base.txt').read().splitlines())\n",
        f"{S}HERE = Path(__file__).parent\nN = HERE / 'base.txt'\nsetup(install_requires=N.read_text().split())\n",
        f"{S}from pip.req import parse_requirements\nsetup(install_requires=[str(r.req) for r in parse_requirements('base.txt')])\n",
    ],
)
def test_follows_files(bumped: Callable[..., str], text: str) -> None:
    assert bumped(text, "setup.py", {"base.txt": f"six\n{T}>=0.4.1"}) == repr(
        {"base.txt": f"six\n{T}>=0.8.0"}
    )


def test_says_what_stands_beside() -> None:
    text = f"{S}setup(python_requires='>=3.9', install_requires=['six>=1', '{T}'], extras_require={{'a': ['b']}})\n"
    reading = setup_py.read(File(Path("setup.py"), text), Package(T))
    assert (reading.beside, reading.python) == (("six>=1",), ">=3.9")


PIECES = st.sampled_from(
    [
        "setup(",
        "install_requires",
        "=",
        f"'{T}>=0.4'",
        "[",
        "]",
        ")",
        "A",
        "+",
        "\n",
        "f'",
        "\\",
        "#",
        "**",
        ",",
        " ",
        ".",
        "append",
        "{",
        "}",
        ":",
    ]
)


@given(st.lists(PIECES).map("".join) | st.text())
def test_any_text_can_be_read(text: str) -> None:
    placed.require(text, setup_py.read(File(Path("setup.py"), text), Package(T)))
