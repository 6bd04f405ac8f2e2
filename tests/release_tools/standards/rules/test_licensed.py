"""Every module says its licence."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

OFFICIAL = '# Copyright 2025\n#\n# Licensed under the Apache License, Version 2.0 (the "License");\n'


@pytest.mark.parametrize("head", [OFFICIAL, examples.LICENCE, "#!/usr/bin/env python\n" + examples.LICENCE])
def test_a_header_will_do(tmp_path: Path, head: str) -> None:
    assert examples.said(examples.read(tmp_path, {"example/a.py": head + "x = 1\n"}), "licensed") == []


@pytest.mark.parametrize("head", ["", "# Licensed under the MIT License\n", "\n" * 30 + OFFICIAL])
def test_none_or_another_or_one_far_below_will_not(tmp_path: Path, head: str) -> None:
    made = examples.read(tmp_path, {"example/a.py": head + "x = 1\n"})
    assert examples.said(made, "licensed") == [("example/a.py:1", "has no licence header", True)]


def test_a_module_without_code_needs_none_and_a_test_does(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a_test.py": "x = 1\n"})
    assert [where for where, *_ in examples.said(made, "licensed")] == ["example/a_test.py:1"]


def test_code_of_everybody_is_spared(tmp_path: Path) -> None:
    files = {"official/__init__.py": "", "official/vision/a.py": "x = 1\n"}
    assert examples.said(examples.read(tmp_path, files, "official/vision"), "licensed") == []
