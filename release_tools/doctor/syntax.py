"""Python source → its syntax tree, one at a time: CPython counts the depth of all threads' trees together.

Two threads that convert a tree at once can therefore end in a SystemError (CPython 3.11, gh-106905).
"""

from __future__ import annotations

import ast
import threading

LOCK = threading.RLock()
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def parsed(text: str) -> ast.Module | None:
    """The tree of a source text; None for what is no Python, or nested too deeply to be any."""
    with LOCK:
        try:
            return ast.parse(text)
        except UNREADABLE:
            return None
