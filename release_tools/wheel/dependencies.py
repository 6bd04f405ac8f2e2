"""What a wheel imports and does not require, as TFMOT 0.8.0 did with tf_keras."""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release_tools import shell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from release_tools.wheel.wheelfile import Wheel

# TFMOT leaves the choice of a TensorFlow to its users, so that one and what comes with it may be missing.
LEFT_TO_USERS = "tensorflow"
ASK = f"""
import importlib.metadata as m, json
try:
    brought = m.requires({LEFT_TO_USERS!r}) or []
except m.PackageNotFoundError:
    brought = []
print(json.dumps([m.packages_distributions(), brought]))
"""


def undeclared(python: Path, wheel: Wheel) -> tuple[str, ...]:
    """Distributions that `wheel` imports, and that neither it nor TensorFlow requires, sorted.

    Args:
      python: of an environment in which the wheel is installed; imports it cannot place are left out.
    """
    providers, brought = json.loads(shell.run([python, "-I", "-c", ASK]).out)
    allowed = {*_names(wheel.requires), *_names(brought), LEFT_TO_USERS, canonicalize_name(wheel.name)}
    found = set()
    for module in imported(wheel.path):
        names = {canonicalize_name(name) for name in providers.get(module, ())}
        if names and not names & allowed:
            found.add(min(names))
    return tuple(sorted(found))


def imported(wheel: Path) -> frozenset[str]:
    """Top-level names that the modules of a wheel import, at any place in them, besides Python's own."""
    with zipfile.ZipFile(wheel) as archive:
        trees = [ast.parse(archive.read(name)) for name in archive.namelist() if name.endswith(".py")]
    names = {name.partition(".")[0] for tree in trees for node in ast.walk(tree) for name in _imports(node)}
    return frozenset(names - sys.stdlib_module_names)


def _imports(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str() as module, level=0):
            return [module]
    return []


def _names(requirements: Iterable[str]) -> set[str]:
    """The distributions that are always required: those of an extra are not."""
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(r.name) for r in parsed if "extra ==" not in str(r.marker)}
