"""Every file is what it seems: plain, UTF-8, Python, in the tree, and named like nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from release_tools.standards.example import Example
from release_tools.standards.nouns import Finding

TAKEN = sys.stdlib_module_names | {
    "numpy",
    "release_tools",
    "tensorflow",
    "tensorflow_model_optimization",
    "tf_keras",
}


def spared(example: Example) -> str:
    """It applies to all code."""
    return ""


def check(example: Example) -> Iterator[Finding]:
    """Files that could not be read, and names that would hide a module of others."""
    yield from example.problems
    first: dict[str, str] = {}
    for module in example.modules:
        top = module.name.partition(".")[0]
        if top in TAKEN:
            first.setdefault(top, module.path)
    for top, path in first.items():
        yield Finding(path, 0, f"hides the module {top} of others", "put it into a package of its own")
