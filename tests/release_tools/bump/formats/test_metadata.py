# ruff: noqa: E501 - a layout and what becomes of it stand side by side
from __future__ import annotations

from collections.abc import Callable

T = "tensorflow-model-optimization"
TEXT = f"Metadata-Version: 2.1\nName: models\nRequires-Python: >=3.9\nRequires-Dist: six\nRequires-Dist: {T}>=0.4.1\n\n"


def test_names_the_sources(bumped: Callable[..., str]) -> None:
    assert bumped(f"{TEXT}Requires-Dist: {T}==0.1\n", "METADATA") == "generated-file:5"


def test_a_high_enough_minimum_is_fine(bumped: Callable[..., str]) -> None:
    text = TEXT.replace("0.4.1", "0.8.1")
    assert bumped(text, "PKG-INFO") == text
