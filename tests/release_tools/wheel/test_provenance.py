from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.wheel import provenance
from release_tools.wheel.provenance import Imports, Provenance

RECORD = Provenance(
    source="https://host/x",
    ref="HEAD",
    commit="c" * 40,
    tree="d" * 40,
    tag=None,
    commit_time="2026-01-01T00:00:00+00:00",
    backend="setuptools",
    builder={"setuptools": "82.0.1"},
    name="tiny",
    version="1.0",
    wheel="tiny-1.0-py2.py3-none-any.whl",
    sha256="e" * 64,
    content_digest="f" * 64,
    files=("tiny/__init__.py",),
    left_out=("tiny/a.py",),
    imports=Imports(1, "3.12.0", "2.20.0", ("tf-keras",)),
)


def test_round_trip(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(RECORD.to_json())
    assert provenance.read(tmp_path / "p.json") == RECORD


def test_begins_with_the_schema() -> None:
    assert list(json.loads(RECORD.to_json()).items())[:2] == [
        ("schema", "tfmot-release-tools/provenance"),
        ("schema_version", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        RECORD.to_json().replace('"schema_version": 1', '"schema_version": 2'),
        RECORD.to_json().replace('"commit"', '"comit"'),
        RECORD.to_json().replace('"files"', '"fles"'),
        RECORD.to_json().replace('"wheel": "', '"wheel": "../'),
        RECORD.to_json().replace('"sha256": "' + "e" * 64 + '"', '"sha256": 7'),
        RECORD.to_json()[:-20],
        "[" * 100_000,
        RECORD.to_json().replace('"commit_time": "2026-01-01T00:00:00+00:00"', '"commit_time": null'),
        RECORD.to_json().replace('"tag": null', '"tag": 7'),
        RECORD.to_json().replace('"82.0.1"', "82"),
        RECORD.to_json().replace('"tiny/__init__.py"', "7"),
        RECORD.to_json().replace('"modules": 1', '"modules": "1"'),
        RECORD.to_json().replace('"tf-keras"', "null"),
    ],
)
def test_what_is_no_provenance(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(UserError, match=r"error\[bad-provenance\]: cannot read") as caught:
        provenance.read(tmp_path / "p.json")
    assert caught.value.where == str(tmp_path / "p.json")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.whl", "wheel"])
def test_a_wheel_whose_name_is_none_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / provenance.FILE_NAME).write_text(replace(RECORD, wheel=name).to_json())
    with pytest.raises(UserError, match=r"error\[bad-provenance\].*none of a file"):
        provenance.read(tmp_path / provenance.FILE_NAME)
