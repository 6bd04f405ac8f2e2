"""Packages whose every module is a member, found by its name: whoever adds one edits no list."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def names(package: str) -> list[str]:
    """Names of a package's modules, in alphabetical order; none of them is imported."""
    return sorted(found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__))


def typed(package: str) -> list[str]:
    """Those names as people type them: with hyphens."""
    return sorted(name.replace("_", "-") for name in names(package))


def load(package: str, name: str) -> ModuleType:
    """The module of that name, however it is spelled."""
    return importlib.import_module(f"{package}.{name.replace('-', '_')}")
