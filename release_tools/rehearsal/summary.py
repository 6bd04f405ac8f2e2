"""What a rehearsal came to, as its page shows it: the play line by line, GitHub's picture, the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from release_tools.rehearsal.portrait import Portrait

if TYPE_CHECKING:
    from convergence.campaign import CampaignResult
    from convergence.results import TrialResult
    from release_tools.approvals.steps import TechniqueState
    from release_tools.release.audit import Entry
    from release_tools.release.nouns import GateResult


@dataclass(frozen=True)
class Followed:
    """What had to follow a line of the play, what was seen, and whether that is the same."""

    expectation: str
    seen: str
    passed: bool


@dataclass(frozen=True)
class Command:
    """A command that ran because of a line.

    Attributes:
      by: who ran it: a person, or a workflow's job.
      line: as it is typed.
      printed: what it wrote, as a terminal shows it.
      seconds: how long it ran; two jobs may run at once.
    """

    by: str
    line: str
    printed: str = ""
    status: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Line:
    """One line of the play.

    Attributes:
      actor: who, by login.
      role: who that is, in a few words.
      says: the comment or review, as Markdown; empty where nothing is said.
      does: the command, or what else is done, in one or more lines of plain text.
      seconds: how long it took, and what followed.
      tells: what happens, in a sentence of which the actor is the subject.
      ran: what ran because of it, in order.
    """

    actor: str
    role: str
    says: str = ""
    does: str = ""
    follows: tuple[Followed, ...] = ()
    seconds: float = 0.0
    tells: str = ""
    ran: tuple[Command, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all followed that had to."""
        return all(one.passed for one in self.follows)


@dataclass(frozen=True)
class Act:
    """Some lines that belong together."""

    title: str
    lines: tuple[Line, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all followed that had to."""
        return all(line.passed for line in self.lines)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return sum(line.seconds for line in self.lines)


@dataclass(frozen=True)
class Campaign:
    """A campaign that was run, with the trials that it rests on."""

    title: str
    result: CampaignResult
    trials: tuple[TrialResult, ...] = ()


@dataclass(frozen=True)
class Release:
    """A release that was made, or stopped by a gate.

    Attributes:
      index: what the package index lists, a line each.
      notes: Markdown.
      gates: what each said of it.
    """

    version: str
    commit: str = ""
    wheel_sha256: str = ""
    content_digest: str = ""
    index: tuple[str, ...] = ()
    notes: str = ""
    gates: tuple[GateResult, ...] = ()


@dataclass(frozen=True)
class Summary:
    """All that the page shows; what is empty is left out.

    Attributes:
      title: of the rehearsal.
      ending: how it ended, in a few words.
      tier_note: the sentence that the smoke tier stands for the full one.
    """

    title: str
    ending: str
    tier_note: str
    acts: tuple[Act, ...] = ()
    portrait: Portrait = field(default_factory=Portrait)
    steps: tuple[TechniqueState, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    release: Release | None = None
    audit: tuple[Entry, ...] = ()

    @property
    def follows(self) -> Iterator[Followed]:
        """Everything that had to follow something."""
        return (one for act in self.acts for line in act.lines for one in line.follows)

    @property
    def passed(self) -> bool:
        """Whether all followed that had to."""
        return all(one.passed for one in self.follows)

    @property
    def seconds(self) -> float:
        """How long the play took."""
        return sum(act.seconds for act in self.acts)
