# ruff: noqa: E501 - a refusal and its line stand side by side
from __future__ import annotations

from pathlib import Path

import pytest

from release_tools.bump.refusal import Code, Reason, Refusal

REASON = Reason(Code.PINNED, "==0.4 pins it", "unpin it")


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refusal(REASON), "refused[pinned]: ==0.4 pins it; unpin it"),
        (Refusal(REASON, Path("a")), "refused[pinned]: ==0.4 pins it; a; unpin it"),
        (Refusal(REASON, Path("a"), 3, "x==0.4"), "refused[pinned]: ==0.4 pins it; a:3: x==0.4; unpin it"),
        (Refusal(REASON, Path("a\x1b[2J"), 3, "x\n\x07y"), "refused[pinned]: ==0.4 pins it; a\\x1b[2J:3: x | \\x07y; unpin it"),
    ],
)  # fmt: skip
def test_is_one_line_whatever_is_in_the_file(refusal: Refusal, said: str) -> None:
    assert str(refusal) == said
