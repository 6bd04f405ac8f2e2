"""An error is one line that a person reads, whatever somebody wrote into it."""

from __future__ import annotations

import pickle

import pytest

from convergence.errors import LONGEST, UserError, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n\n  b\r\nc", "a | b | c"),
        ("\x1b[2J\0\u202e\ud800", r"\x1b[2J\x00\u202e\ud800"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * (LONGEST - 1) + "…"),
        ("x" * 10_000_000, "x" * (LONGEST - 1) + "…"),
        ("\0" * 600, (r"\x00" * 600)[: LONGEST - 1] + "…"),
        ("short" + "\n" * 5000 + "end", "short…"),
        ("", ""),
    ],
)
def test_a_text_becomes_a_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_an_error_is_as_long_as_its_three_parts() -> None:
    long = UserError("a-code", "w" * 10**6, where="p" * 10**6, hint="h" * 10**6)
    assert len(str(long)) == len("error[a-code]: ; ; ") + 3 * LONGEST
    assert str(pickle.loads(pickle.dumps(long))) == str(long)
