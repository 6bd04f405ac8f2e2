from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from release_tools.doctor import syntax


@pytest.mark.parametrize("text", ["def (", "x = 1\0", "x = " + "(" * 3000])
def test_what_is_no_python_has_no_tree(text: str) -> None:
    assert syntax.parsed(text) is None


@pytest.fixture
def busy() -> Iterator[None]:
    """Threads that take turns wherever they can, also while a tree is made: whenever garbage is collected."""

    def turn(*_: object) -> None:
        for _number in range(50):
            pass

    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.callbacks.append(turn)
    gc.set_threshold(5)
    sys.setswitchinterval(1e-6)
    yield
    gc.callbacks.remove(turn)
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


def test_trees_are_made_one_at_a_time(busy: None) -> None:
    deep = "".join(f"{' ' * depth}if x:\n" for depth in range(90)) + " " * 90 + "pass\n"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(syntax.parsed, [deep] * 20))
    assert all(tree is not None for tree in made)
