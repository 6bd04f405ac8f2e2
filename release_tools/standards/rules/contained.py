"""Optimization code is self-contained: nobody else needs it, and it needs no other example."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.standards.example import Example, Module
from release_tools.standards.imports import TFMOT, Import
from release_tools.standards.nouns import Finding

PROJECTS = ("official.projects", "official.legacy", "official.benchmark")
PRIVATE = f"{TFMOT}.python"


def spared(example: Example) -> str:
    """It is about code that uses TFMOT."""
    return "" if any(one.uses_tfmot for one in example.own) else "nothing here uses TFMOT"


def check(example: Example) -> Iterator[Finding]:
    """Who outside imports it at once, and what it imports that is another example's or private."""
    inside = {one.name for one in example.modules}
    optimizing = {one.name for one in example.parts if one.uses_tfmot}
    for module in example.around:
        for one in module.imports:
            name = _module(one, optimizing)
            if one.eager and name and not module.is_test and not _beside(module, example):
                what = f"imports {name}, which is optimization code, for everybody"
                yield Finding(module.path, one.line, what, "import it where its options are on")
    for module in example.parts:
        for one in module.imports:
            yield from _foreign(module, one, inside)


def _module(one: Import, names: set[str]) -> str:
    found = one.name if one.name in names else one.name.rpartition(".")[0]
    return found if found in names else ""


def _beside(module: Module, example: Example) -> bool:
    """Whether a module belongs to the same example, of which only a part was named."""
    projects = {_project(one.name) for one in example.parts}
    return bool(_project(module.name)) and _project(module.name) in projects


def _project(name: str) -> str:
    """The example that a module belongs to: official.projects.qat; else its package."""
    for root in PROJECTS:
        if name.startswith(f"{root}."):
            return ".".join(name.split(".")[:3])
    return name.rpartition(".")[0]


def _foreign(module: Module, one: Import, inside: set[str]) -> Iterator[Finding]:
    if one.within(PRIVATE):
        what = f"imports {one.name}, which is private to TFMOT"
        yield Finding(module.path, one.line, what, "use what tensorflow_model_optimization offers itself")
    is_project = any(one.within(root) for root in PROJECTS)
    if is_project and one.name not in inside and _project(f"{one.name}.x") != _project(module.name):
        what = f"imports {one.name}, which is another example's"
        yield Finding(module.path, one.line, what, "use shared code, or bring what it needs with it")
