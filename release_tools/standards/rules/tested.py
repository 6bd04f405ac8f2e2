"""Every module that defines something has a test beside it that imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from release_tools.standards import example as examples
from release_tools.standards.example import Example, Module
from release_tools.standards.nouns import Finding


def spared(example: Example) -> str:
    """Nobody's example, nobody's fault."""
    return "code of everybody's is no example" if example.shared else ""


def check(example: Example) -> Iterator[Finding]:
    """Modules without a test, and tests that never import what they are named after."""
    for module in example.parts:
        if not _defines(module):
            continue
        test = next(filter(None, (_test(example, path) for path in _places(module))), None)
        stem = PurePosixPath(module.path).stem
        if test is None:
            yield Finding(module.path, 0, "has no test beside it", f"write {stem}_test.py")
        elif not any(stem in one.name.split(".") for one in test.imports):
            yield Finding(test.path, 0, f"never imports {stem}", f"test {stem} there")


def _defines(module: Module) -> bool:
    """Whether there is more in it than imports, constants and the main() of a program."""
    if PurePosixPath(module.path).name == "__init__.py":
        return False
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) and node.name != "main" for node in module.tree.body)


def _places(module: Module) -> Iterator[PurePosixPath]:
    """Where its test may be: beside it, or in a tree of tests that mirrors the code's."""
    path = PurePosixPath(module.path)
    for name in (f"{path.stem}_test.py", f"test_{path.stem}.py"):
        yield path.with_name(name)
        yield path.parent / "tests" / name
        yield "tests" / path.with_name(name)


def _test(example: Example, path: PurePosixPath) -> Module | None:
    known = next((one for one in example.modules if one.path == str(path)), None)
    return known or examples.module_at(example.root, path)
