"""The nouns of a technique's way from a pull request to pip (TFMOT's OFFICIAL_MODELS.md)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from convergence.model import STRICT


class Step(enum.Enum):
    """The seven steps, in order; the values are the labels that people see, after the policy's prefix."""

    HOME = "home"
    REPRODUCED = "reproduced by contributor"
    STANDARDS = "standards"
    APPROVED = "approved"
    RELEASED = "released"
    BUMPED = "minimum bumped"
    LANDED = "landed"

    @property
    def number(self) -> int:
        """1 to 7, as the process counts."""
        return list(Step).index(self) + 1


class Progress(enum.Enum):
    """How far a step is. What cannot be told is never DONE."""

    DONE = "done"
    WAITING = "waiting"
    STALE = "stale"
    BLOCKED = "blocked"


class Actor(enum.Enum):
    """Whose turn it is."""

    CONTRIBUTOR = "the contributor"
    MOT = "MOT"
    OFFICIAL = "Official Models"
    RELEASE = "MOT's release maintainer"
    OWNER = "the repository's owner"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Evidence:
    """What shows something: said in one line, by whom, when, of which commit, and where to see it.

    Attributes:
      counts: whether the step rests on it; what does not, or not yet, is shown with the reason in `what`.
    """

    __pydantic_config__: ClassVar = STRICT

    what: str
    by: str = ""
    at: datetime | None = None
    sha: str = ""
    url: str = ""
    counts: bool = True


@dataclass(frozen=True)
class StepState:
    """How one step stands.

    Attributes:
      why: one line: what is missing, or has made it stale; empty once done.
      next_actor: who can move it on; NOBODY once done.
      line: what they comment, or run, to do so; empty where that takes more than a line.
    """

    __pydantic_config__: ClassVar = STRICT

    step: Step
    progress: Progress
    why: str
    next_actor: Actor
    evidence: tuple[Evidence, ...] = ()
    line: str = ""


@dataclass(frozen=True)
class TechniqueState:
    """All seven steps of a technique on its pull request, in order."""

    __pydantic_config__: ClassVar = STRICT

    technique: str
    repository: str
    pull_request: int
    head_sha: str
    steps: tuple[StepState, ...]

    @property
    def current(self) -> StepState | None:
        """The first step that is not done; None when all are."""
        return next((one for one in self.steps if one.progress is not Progress.DONE), None)

    def complete_to(self, step: Step) -> bool:
        """Whether every step up to and with this one is done."""
        return all(one.progress is Progress.DONE for one in self.steps if one.step.number <= step.number)
