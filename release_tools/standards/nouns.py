"""The nouns of an examination: what a rule found, how each rule stands, and the report of them all."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar

from convergence.model import STRICT


class Standing(enum.Enum):
    """How an example stands with a rule. What cannot be told never passes."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "cannot be told"
    SPARED = "does not apply"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or that could not be told.

    Attributes:
      path: of the file, from the folder that modules are imported from.
      line: 0 where it is about the whole file.
      what: one line that a stranger understands.
      mend: how to mend it.
      certain: False where it could not be told whether anything is wrong.
      rule: the name of the rule's file.
    """

    __pydantic_config__: ClassVar = STRICT

    path: str
    line: int
    what: str
    mend: str
    certain: bool = True
    rule: str = ""

    @property
    def where(self) -> str:
        """File and line, as editors take them."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True)
class Judged:
    """How one rule stands; `why` says it where it does not apply."""

    __pydantic_config__: ClassVar = STRICT

    rule: str
    about: str
    standing: Standing
    why: str = ""


@dataclass(frozen=True)
class Report:
    """What an examination came to.

    Attributes:
      example: what was examined: a path, or `owner/name#number`.
      sha: the commit, for a pull request; else empty.
      modules: how many were read, `imported` of them without TFMOT.
      isolation: how their import was kept apart, for people.
      notes: what else is to be known of how it was proven.
    """

    __pydantic_config__: ClassVar = STRICT

    example: str
    sha: str
    modules: int
    imported: int
    isolation: str
    rules: tuple[Judged, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing:
        """FAILED where any rule is, else UNKNOWN where any is."""
        found = {one.standing for one in self.rules}
        for standing in (Standing.FAILED, Standing.UNKNOWN):
            if standing in found:
                return standing
        return Standing.PASSED if Standing.PASSED in found else Standing.UNKNOWN

    @property
    def exit_status(self) -> int:
        """0 where it abides by all rules, 1 where not, 3 where it cannot be told."""
        return {Standing.PASSED: 0, Standing.FAILED: 1}.get(self.standing, 3)
