# ruff: noqa: E501 - a layout and what becomes of it stand side by side
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import placed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_tools.bump.formats import setup_cfg
from release_tools.bump.reading import File, Package

T = "tensorflow-model-optimization"
RAISED = {
    "a list": (f"[options]\ninstall_requires =\n    six\n    {T}>=0.4\n", f"[options]\ninstall_requires =\n    six\n    {T}>=0.8.0\n"),
    "no final newline": (f"[options]\ninstall_requires =\n\t{T}", f"[options]\ninstall_requires =\n\t{T}>=0.8.0"),
    "crlf": (f"[options]\r\ninstall_requires:\r\n  {T}<1\r\n", f"[options]\r\ninstall_requires:\r\n  {T}>=0.8.0,<1\r\n"),
    "one line": (f"[options]\ninstall_requires = six ; {T}>=0.4; absl-py\n", f"[options]\ninstall_requires = six ; {T}>=0.8.0; absl-py\n"),
    "comments": (f"[options]\n# {T}>=0.1\ninstall_requires =\n# {T}>=0.2\n    # {T}>=0.3\n    {T}>=0.4\n", f"[options]\n# {T}>=0.1\ninstall_requires =\n# {T}>=0.2\n    # {T}>=0.3\n    {T}>=0.8.0\n"),
    "marker": (f"[options]\ninstall_requires =\n    {T}>=0.4; python_version<'3.9'\n", f"[options]\ninstall_requires =\n    {T}>=0.8.0; python_version<'3.9'\n"),
    "extras": (f"[options.extras_require]\nall =\n  {T} (>=0.4)\nmore = {T}\n", f"[options.extras_require]\nall =\n  {T} (>=0.8.0)\nmore = {T}>=0.8.0\n"),
    "other options": (f"[metadata]\nname = {T}\nkeywords =\n  {T}\n[options]\nTests_Require = {T}\n", f"[metadata]\nname = {T}\nkeywords =\n  {T}\n[options]\nTests_Require = {T}>=0.8.0\n"),
    "a section of another tool": (f"[mypy-{T}]\nx = {T}\n[options]\nsetup_requires =\n\n  {T}>0.1\n", f"[mypy-{T}]\nx = {T}\n[options]\nsetup_requires =\n\n  {T}>=0.8.0\n"),
}  # fmt: skip
REFUSED = {
    "pinned": (f"[options]\ninstall_requires =\n  six\n  {T}==0.4.1\n", "pinned:4"),
    "url": (f"[options]\ninstall_requires =\n  {T} @ https://example.invalid/a.whl\n", "direct-reference:3"),
    "a comment behind it": (f"[options]\ninstall_requires =\n  {T}>=0.4 # old\n", "unparseable:3"),
    "not there": ("[options]\ninstall_requires =\n  six\n", "not-declared:0"),
    "no configuration": (f"install_requires = {T}\n", "unparseable:1"),
}


@pytest.mark.parametrize(("before", "after"), RAISED.values(), ids=RAISED.keys())
def test_raises(bumped: Callable[..., str], before: str, after: str) -> None:
    assert bumped(before, "setup.cfg") == after


@pytest.mark.parametrize(("text", "refused"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(bumped: Callable[..., str], text: str, refused: str) -> None:
    assert bumped(text, "setup.cfg") == refused


def test_follows_files(bumped: Callable[..., str]) -> None:
    text = "[options]\ninstall_requires = file: a.txt, b/c.txt\n"
    changed = bumped(text, "setup.cfg", {"a.txt": T, "b/c.txt": f"{T}>=0.4\n"})
    assert changed == repr({"a.txt": f"{T}>=0.8.0", "b/c.txt": f"{T}>=0.8.0\n"})


def test_says_what_stands_beside() -> None:
    text = f"[options]\npython_requires = >=3.9\ninstall_requires =\n  six>=1\n  {T}\n"
    reading = setup_cfg.read(File(Path("setup.cfg"), text), Package(T))
    assert (reading.beside, reading.python) == (("six>=1",), ">=3.9")


PIECES = st.sampled_from(
    [
        "[options]\n",
        "install_requires",
        "=",
        ":",
        T,
        ">=0.4",
        "\n",
        "  ",
        "\t",
        ";",
        "#",
        "file:",
        "[",
        "]",
        "%",
        "\r",
        "\x0c",
    ]
)


@given(st.lists(PIECES).map("".join) | st.text())
def test_any_text_can_be_read(text: str) -> None:
    placed.require(text, setup_cfg.read(File(Path("setup.cfg"), text), Package(T)))
