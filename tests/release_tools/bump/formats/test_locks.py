# ruff: noqa: E501 - a layout and what becomes of it stand side by side
from __future__ import annotations

from collections.abc import Callable

import pytest

T = "tensorflow-model-optimization"
HASH = 'files = [{file = "a", hash = "sha256:00"}]'
LOCKS = {
    "poetry.lock": f'[[package]]\nname = "six"\nversion = "1"\n\n[[package]]\nname = "{T}"\nversion = "VERSION"\n{HASH}\n',
    "uv.lock": f'version = 1\n\n\n\n[[package]]\nname = "{T}"\nversion = "VERSION"\nsource = {{registry = "x"}}\n',
    "pdm.lock": f'[metadata]\ngroups = []\n\n\n[[package]]\nname = "{T}"\nversion = "VERSION"\n',
    "pylock.toml": f'lock-version = "1.0"\n\n\n\n[[packages]]\nname = "{T}"\nversion = "VERSION"\n',
    "Pipfile.lock": f'{{\n"default": {{\n"six": {{"version": "==1"}},\n\n\n"{T}": {{"version": "==VERSION"}}}}}}\n',
}


@pytest.mark.parametrize(("name", "text"), LOCKS.items(), ids=LOCKS.keys())
def test_a_lock_below_is_refused(bumped: Callable[..., str], name: str, text: str) -> None:
    assert bumped(text.replace("VERSION", "0.4.1"), name) == "generated-file:6"


@pytest.mark.parametrize(("name", "text"), LOCKS.items(), ids=LOCKS.keys())
def test_a_lock_above_is_fine(bumped: Callable[..., str], name: str, text: str) -> None:
    locked = text.replace("VERSION", "0.8.1")
    assert bumped(locked, name) == locked


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[[package]]\nname = 3", '{"default": 3}', "package = 3", "a = 1"]
)
def test_rubbish_is_refused(bumped: Callable[..., str], name: str, text: str) -> None:
    assert bumped(text, name) in {"unparseable:1", "not-declared:0"}
