# ruff: noqa: E501 - a file stands beside its name
"""Files that declare a package, in all formats: what may be changed has its place in the text."""

from __future__ import annotations

from pathlib import Path

import damage
import placed
from hypothesis import strategies as st

from release_tools.bump import declarations
from release_tools.bump.declarations import Search
from release_tools.bump.reading import Package, Reading

T = "tensorflow-model-optimization"
EXAMPLES = (
    ("requirements.txt", f"# what we need\n-r more.txt\n{T}[a]>=0.4.1,<0.9 ; python_version<'3.9'  # why\nsix==1 \\\n  --hash=sha256:00\n"),
    ("constraints.txt", f"{T}>=0.4\n-c other.txt\n"),
    ("pyproject.toml", f'[project]\nname = "x"\nrequires-python = ">=3.9"\ndependencies = ["{T}>=0.4.1", "six"]\n'
     f'[project.optional-dependencies]\na = [\n  "{T} >= 0.5",\n]\n[dependency-groups]\nb = ["{T}"]\n'
     f'[tool.poetry.dependencies]\n{T} = "^0.4.1"\n{T.replace("-", "_")} = {{ version = "~0.5", extras = ["a"] }}\n'),
    ("setup.cfg", f"[options]\npython_requires = >=3.9\ninstall_requires =\n    {T}>=0.4.1\n    six\n[options.extras_require]\na = {T}\n"),
    ("setup.py", f"from setuptools import setup\nREQUIRES = ['six', '{T}>=0.4.1']\nsetup(name='x', install_requires=REQUIRES + ['a'],\n"
     f"      extras_require={{'b': ['{T}']}}, python_requires='>=3.9')\n"),
    ("poetry.lock", f'[[package]]\nname = "{T}"\nversion = "0.4.1"\n'),
    ("Pipfile.lock", f'{{"default": {{"{T}": {{"version": "==0.4.1"}}}}}}'),
    ("uv.lock", f'version = 1\n[[package]]\nname = "{T}"\nversion = "0.4.1"\n'),
    ("environment.yml", f"dependencies:\n  - pip:\n    - {T}>=0.4.1\n"),
    ("PKG-INFO", f"Metadata-Version: 2.1\nName: x\nRequires-Dist: {T}>=0.4.1\n"),
)  # fmt: skip
INPUTS = st.one_of([st.tuples(st.just(name), damage.texts([text])) for name, text in EXAMPLES])


def place(given: tuple[str, str], folder: Path) -> None:
    (folder / given[0]).write_bytes(given[1].encode("utf-8", "surrogatepass"))


def read(given: tuple[str, str], folder: Path) -> Search:
    return declarations.search([folder / given[0]], Package(T))


def holds(value: Search, given: tuple[str, str]) -> None:
    for refusal in value.refusals:
        assert len(str(refusal.reason.what)) < 2000
    for found in value.found:
        _holds(found.reading, found.file.text)


def _holds(value: Reading, text: str) -> None:
    free = [found for found in value.declarations if not found.held]
    placed.require(text, Reading(tuple(free)))
    for refusal in value.refusals:
        assert refusal.reason.what
        assert len(refusal.reason.what) < 2000
    for found in free:
        assert "".join(text[place] for place in list(found.places)[:-1]).strip() or not found.specifier
