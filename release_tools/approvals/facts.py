"""All that is needed to say where a technique stands, read at one time and frozen; nothing here reads.

What could not be told is `Unknown` and says why. Times are GitHub's own: commits carry whatever their author
wrote, and our own clock is asked for nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release_tools.jobs.history import Believed
    from release_tools.model import PullRequest, Snapshot


@dataclass(frozen=True)
class Unknown:
    """That something cannot be told, and why; what would be needed to tell it is part of the reason."""

    why: str


NOT_ITS_TURN = Unknown("not looked at before its turn")


class Likeness(enum.Enum):
    """How the pull request's diff at some commit compares with the diff now."""

    SAME = "same"
    BUMPED = "bumped"  # the same apart from the line with the minimum version
    OTHER = "other"


@dataclass(frozen=True)
class Push:
    """That a commit became the head, when GitHub saw it."""

    at: datetime
    sha: str


@dataclass(frozen=True)
class Published:
    """A stable release on the index.

    Attributes:
      content_digest: of its wheel.
      missing: names of the technique that cannot be imported from it.
    """

    version: str
    content_digest: str
    yanked: bool = False
    missing: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Minimum:
    """Whether every requirement on the head is the release or a later one at least, and what it says."""

    agrees: bool
    line: str


@dataclass(frozen=True)
class Landing:
    """How the pull request came to be on the default branch: in words, and as which commit."""

    how: str
    sha: str
    url: str = ""


@dataclass(frozen=True)
class Installed:
    """Whether pip installs TFMOT at the declared minimum and it has all that the example imports."""

    works: bool
    line: str


@dataclass(frozen=True)
class Facts:
    """A technique's pull request and what bears on it.

    Attributes:
      teams: ids of the members of each team that the policy names; None where the token cannot read it.
      likeness: of the diff at other commits to that of the head; a commit that is gone is not there.
      pushes: every commit that was the head, in the order in which they came to be it.
      records: those of the history branch that are believed and are about the technique.
      examples: identity of the example's files at a commit; a commit that is gone is not there.
      published: the release with the content that converged; None where there is none.
      landing: None where it is not on the default branch.
    """

    technique: str
    snapshot: Snapshot
    teams: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    likeness: Mapping[str, Likeness] = field(default_factory=dict)
    pushes: tuple[Push, ...] | Unknown = Unknown("GitHub was not asked for the pushes")
    records: tuple[Believed, ...] | Unknown = ()
    examples: Mapping[str, str] = field(default_factory=dict)
    published: Published | Unknown | None = NOT_ITS_TURN
    minimum: Minimum | Unknown = NOT_ITS_TURN
    landing: Landing | Unknown | None = NOT_ITS_TURN
    installed: Installed | Unknown = NOT_ITS_TURN

    @property
    def pull_request(self) -> PullRequest:
        """Whose way is told."""
        return self.snapshot.pull_request

    @property
    def head(self) -> str:
        """The commit that everything is about."""
        return self.pull_request.head_sha

    def compared(self, sha: str) -> Likeness | None:
        """How the diff at a commit compares with that of the head; None where it cannot be told."""
        return Likeness.SAME if sha and sha == self.head else self.likeness.get(sha)

    def same_example(self, sha: str) -> bool | None:
        """Whether the example's files are the same at a commit as at the head; None if that is not known."""
        if sha == self.head:
            return True
        there, here = self.examples.get(sha), self.examples.get(self.head)
        return None if there is None or here is None else there == here
