"""Reads TOML that anybody may have written, in bounded time; what it says is for others to judge."""

from __future__ import annotations

import re
import tomllib
from typing import Any

LARGEST = 2**20  # characters
DEEPEST = 50  # words of a key: reading one takes the square of their number
# Possessive, and from the beginning of a word only: what does not match costs each character once.
_LONG_KEY = re.compile(rf"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}""")


def loads(text: str) -> dict[str, Any]:
    """The document.

    Raises:
      ValueError: it is no TOML, too large, or holds half a character, which no file can keep.
      RecursionError: it is nested too deeply.
    """
    if len(text) > LARGEST:
        raise ValueError(f"is longer than {LARGEST:,} characters")
    text.encode()
    if _LONG_KEY.search(text):
        raise ValueError(f"a key has more than {DEEPEST} words")
    return tomllib.loads(text)
