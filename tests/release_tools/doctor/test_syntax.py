from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from release_tools.doctor import syntax


@pytest.mark.parametrize("text", ["def (", "x = 1\0", "x = " + "(" * 3000])
def test_what_is_no_python_has_no_tree(text: str) -> None:
    assert syntax.parsed(text) is None


def test_trees_are_made_one_at_a_time() -> None:
    deep = "".join(f"{' ' * depth}if x:\n" for depth in range(90)) + " " * 90 + "pass\n"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(syntax.parsed, [deep] * 200))
    assert all(tree is not None for tree in made)
