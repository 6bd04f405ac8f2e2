"""Requirement formats, one file each: where a file of this kind declares a package. Found by folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from convergence import members

if TYPE_CHECKING:
    from pathlib import PurePath

    from release_tools.bump.reading import Format


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format in this folder."""
    return tuple(cast("Format", members.load(__name__, name)) for name in members.names(__name__))


def of(path: PurePath) -> Format | None:
    """The format of a file of this name; None if it is of no format that declares requirements."""
    return next((candidate for candidate in all_formats() if candidate.claims(path)), None)


def unknown() -> Format:
    """The format of files that no other claims: none of them declares what we could raise."""
    return cast("Format", members.load(__name__, "elsewhere"))


def requirements_format() -> Format:
    """The format of files that requirements files include, whatever their name."""
    return cast("Format", members.load(__name__, "requirements"))
