"""Every module says its licence."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.standards.example import Example
from release_tools.standards.nouns import Finding

LINES = 20
WORDS = ("Licensed under the Apache License, Version 2.0", "SPDX-License-Identifier: Apache-2.0")


def spared(example: Example) -> str:
    """Nobody's example, nobody's fault."""
    return "code of everybody's is no example" if example.shared else ""


def check(example: Example) -> Iterator[Finding]:
    """Modules with code, and no header."""
    for module in example.modules:
        head = "\n".join(module.text.splitlines()[:LINES])
        if module.tree.body and not module.is_shared and not any(words in head for words in WORDS):
            yield Finding(module.path, 1, "has no licence header", f"begin it with # {WORDS[1]}")
