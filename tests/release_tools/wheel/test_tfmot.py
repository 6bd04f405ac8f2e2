from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from convergence.errors import UserError
from release_tools.wheel import tfmot

NUMBERS = "_MAJOR_VERSION = '0'\n_MINOR_VERSION = '8'\n_PATCH_VERSION = '1'\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in tfmot.LANDMARKS:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (NUMBERS + "_VERSION_SUFFIX = ''", "0.8.1"),
        (NUMBERS + "_VERSION_SUFFIX = 'dev'", "0.8.1.dev0"),
        (NUMBERS + "_VERSION_SUFFIX = 'rc0'", "0.8.1rc0"),
        ('"""Docstring."""\nimport os\n' + NUMBERS.replace("'", '"') + '_VERSION_SUFFIX = ""', "0.8.1"),
    ],
)
def test_reads_the_version(tree: Path, text: str, version: str) -> None:
    (tree / tfmot.VERSION_FILE).write_text(text)
    assert tfmot.declared_version(tree, "") == Version(version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NUMBERS,
        NUMBERS + "_VERSION_SUFFIX = 'final'",
        NUMBERS + "_VERSION_SUFFIX = open('x').read()",
        NUMBERS + "_VERSION_SUFFIX = None",
        "(",
        "\0",
        "-" * 100_000 + "1",
        "(" * 5000,
    ],
)
def test_a_version_that_is_no_plain_text_is_refused(tree: Path, text: str) -> None:
    (tree / tfmot.VERSION_FILE).write_text(text)
    with pytest.raises(UserError, match=r"error\[bad-version\]: no version in .*version.py; here; it needs"):
        tfmot.declared_version(tree, "here")


def test_knows_its_tree(tree: Path) -> None:
    tfmot.require(tree, "")
    (tree / "setup.py").unlink()
    with pytest.raises(UserError, match=r"error\[not-tfmot\]: not TFMOT's source: no setup.py; here"):
        tfmot.require(tree, "here")
