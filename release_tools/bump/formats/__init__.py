"""Requirement formats, one file each: where a file of this kind declares a package. Found by folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import PurePath

    from release_tools.bump.reading import Format


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format in this folder."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(cast("Format", importlib.import_module(f"{__name__}.{name}")) for name in names)


def of(path: PurePath) -> Format | None:
    """The format of a file of this name; None if it is of no format that declares requirements."""
    return next((candidate for candidate in all_formats() if candidate.claims(path)), None)


def unknown() -> Format:
    """The format of files that no other claims: none of them declares what we could raise."""
    return cast("Format", importlib.import_module(f"{__name__}.elsewhere"))


def requirements_format() -> Format:
    """The format of files that requirements files include, whatever their name."""
    return cast("Format", importlib.import_module(f"{__name__}.requirements"))
