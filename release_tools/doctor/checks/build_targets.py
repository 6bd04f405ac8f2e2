"""Every module ships and every test is run: what no BUILD target names silently does neither."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from release_tools.doctor import disabled, syntax, targets
from release_tools.doctor.findings import Finding, Untold, blocker, untold, warning
from release_tools.doctor.subject import Need, Subject
from release_tools.wheel import NOT_MODULES, tfmot

title = "BUILD targets name every module and every test"
needs = (Need.TREE,)


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each Python file that no target names, and each module that the pip package does not reach."""
    assert subject.tree is not None
    texts = subject.tree.texts
    own = [path for path in texts if path.startswith(f"{tfmot.PACKAGE}/") and path.endswith(".py")]
    named = targets.named(texts)
    for path in sorted(path for path in own if path not in named and _says_something(texts[path])):
        if disabled.is_test(path):
            yield warning("no BUILD target runs this test", path, "add a py_test for it")
        elif _is_module(path):
            yield blocker("no BUILD target names this module, so it is in no wheel", path, "add it to one")
    if subject.tree.shipped is None:
        yield untold(f"what ships: {subject.tree.walk_error}", subject.tree.name, "mend the BUILD file")
        return
    left = set(own) & named - set(subject.tree.shipped)
    for path in sorted(filter(_is_module, left)):
        what = "a target names this module, but the pip package does not reach it"
        yield warning(what, path, "is it experimental? else let a target of the package depend on it")


def _says_something(text: str) -> bool:
    """Whether a file holds more than comments and a docstring."""
    tree = syntax.parsed(text)
    if tree is None:
        return True
    return any(not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)) for n in tree.body)


def _is_module(name: str) -> bool:
    """Whether a file looks like a part of the library, not like a test, an example or a tool."""
    path = PurePosixPath(name)
    return not NOT_MODULES.intersection(path.parts) and "test" not in path.stem.split("_")
