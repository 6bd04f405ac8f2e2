"""What the doctor checks: every file here is a check, found by its name; it only compares values."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from convergence import members

if TYPE_CHECKING:
    from release_tools.doctor.findings import Finding, Untold
    from release_tools.doctor.subject import Need, Subject


class Check(Protocol):
    """The contract of a file here."""

    title: str
    """What is right when nothing is found, as the end of a sentence."""

    needs: Collection[Need]
    """Without these the check is left out, and said to be."""

    def examine(self, subject: Subject) -> Iterator[Finding | Untold]:
        """What is wrong and what cannot be told; which check it comes from is added by who calls."""


@dataclass(frozen=True)
class Named:
    """A check by its name."""

    name: str
    check: Check


def found() -> tuple[Named, ...]:
    """All checks, by name."""
    return tuple(Named(name, cast("Check", members.load(__name__, name))) for name in members.typed(__name__))
