"""Which distributions modules import, from their text: names that are imported, where, and how firmly."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from release_tools.doctor import syntax

OWN = "tensorflow_model_optimization"
# Distributions whose modules have another name; for all others it is the same but for - and _.
PROVIDERS = {"absl": "absl-py", "tree": "dm-tree", "yaml": "pyyaml", "google": "protobuf"}
# Users choose a TensorFlow themselves, and every one that TFMOT supports requires these.
LEFT_TO_USERS = frozenset({"tensorflow"})
BROUGHT_BY_TENSORFLOW = frozenset({"absl-py", "numpy", "six", "protobuf", "keras", "h5py", "wrapt"})
ABSENCE = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True)
class Import:
    """One import of a distribution.

    Attributes:
      guarded: whether the module can do without it.
      nested: whether it happens only when a function is called.
    """

    distribution: str
    module: str
    place: str
    guarded: bool = False
    nested: bool = False


def used(texts: Mapping[str, str]) -> tuple[Import, ...]:
    """All imports of other distributions, by path and line; files that are no Python have none."""
    return tuple(found for path in sorted(texts) if path.endswith(".py") for found in _of(path, texts[path]))


def _of(path: str, text: str) -> Iterator[Import]:
    tree = syntax.parsed(text)
    waiting: list[tuple[ast.AST, bool, bool]] = [(tree, False, False)] if tree else []
    found = []
    while waiting:
        node, guarded, nested = waiting.pop()
        for name in _names(node):
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top != OWN:
                line = getattr(node, "lineno", 1)
                found.append((line, Import(_provider(top), name, f"{path}:{line}", guarded, nested)))
        inside = nested or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            tried = isinstance(node, ast.Try) and child in node.body and _forgives(node)
            waiting.append((child, guarded or tried, inside))
    yield from (item for _, item in sorted(found, key=lambda pair: pair[0]))


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str() as module, level=0):
            return [module]
    return []


def _forgives(node: ast.Try) -> bool:
    """Whether a missing module is caught."""
    for handler in node.handlers:
        caught = handler.type
        names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
        if any(name is None or (isinstance(name, ast.Name) and name.id in ABSENCE) for name in names):
            return True
    return False


def _provider(module: str) -> str:
    return PROVIDERS.get(module, canonicalize_name(module))
