from __future__ import annotations

import pytest

from release_tools.bump.hunks import Hunk, changed, shown


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("a\nb\n", "a\nb\n", []),
        ("a\nb\nc", "a\nB\nc", [Hunk(2, 2, "B")]),
        ("a\nb\nc\nd", "A\nB\nc\nD", [Hunk(1, 2, "A\nB"), Hunk(4, 4, "D")]),
        ("a\r\nb", "a\r\nB", [Hunk(2, 2, "B")]),
        ("a\x0cb\u2028c\nd", "a\x0cb\u2028C\nd", [Hunk(1, 1, "a\x0cb\u2028C")]),
    ],
)
def test_runs_of_lines_that_became_others(old: str, new: str, found: list[Hunk]) -> None:
    assert list(changed(old, new)) == found


@pytest.mark.parametrize(
    ("patch", "lines"),
    [
        ("", []),
        ("@@ -0,0 +1 @@\n+x", [range(1, 2)]),
        (
            "@@ -1,3 +1,4 @@ def f():\n a\n+b\n c\n d\n@@ -9,2 +10,2 @@\n-x\n+y\n z",
            [range(1, 5), range(10, 12)],
        ),
        ("@@ -1,2 +0,0 @@\n-@@ -1 +7 @@\n-b", [range(0)]),
    ],
)
def test_the_lines_that_a_patch_shows(patch: str, lines: list[range]) -> None:
    assert shown(patch) == lines
