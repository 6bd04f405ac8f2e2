"""The nouns of the doctor: what a check found, how bad it is, what a maintainer accepted."""

from __future__ import annotations

import enum
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
