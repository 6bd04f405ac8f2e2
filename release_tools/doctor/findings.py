"""The nouns of the doctor: what a check found, how bad it is, what a maintainer accepted."""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass
from typing import ClassVar

from convergence.model import STRICT


class Severity(enum.Enum):
    """How bad a finding is; a BLOCKER that no maintainer has accepted refuses the release."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
      check: the name of the check's file.
      what: one line that a stranger understands.
      where: file and line, wheel member, or version.
      mend: how to mend it.
      accepted: the reason for which a maintainer accepted it; empty if none did.
    """

    __pydantic_config__: ClassVar = STRICT

    check: str
    what: str
    where: str
    mend: str
    severity: Severity
    accepted: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it stops a release."""
        return self.severity is Severity.BLOCKER and not self.accepted

    @property
    def key(self) -> tuple[str, str, str]:
        """What an acceptance of it names: check, place without line, digest of what was found."""
        return key(self.check, self.where, self.what)


@dataclass(frozen=True)
class Untold:
    """One thing that could not be found out, which is never the same as being right.

    Attributes: as those of a finding.
    """

    __pydantic_config__: ClassVar = STRICT

    check: str
    what: str
    where: str
    mend: str
    accepted: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What an acceptance of it names."""
        return key(self.check, self.where, self.what)


def blocker(what: str, where: str, mend: str) -> Finding:
    """A finding that refuses the release; the runner adds which check's it is."""
    return Finding("", what, where, mend, Severity.BLOCKER)


def warning(what: str, where: str, mend: str) -> Finding:
    """A finding that a maintainer should weigh."""
    return Finding("", what, where, mend, Severity.WARNING)


def note(what: str, where: str, mend: str = "") -> Finding:
    """A finding that is good to know."""
    return Finding("", what, where, mend, Severity.NOTE)


def untold(what: str, where: str, mend: str) -> Untold:
    """Something that could not be found out."""
    return Untold("", what, where, mend)


def key(check: str, where: str, what: str) -> tuple[str, str, str]:
    """Check, place without its line (which any edit above it moves), and the digest of what was found."""
    return check, re.sub(r":\d+$", "", where), hashlib.sha256(what.encode()).hexdigest()[:12]
