"""The nouns of what a person sees on GitHub; frozen, so that a page can be made when GitHub is gone."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release_tools.jobs.history import Record


@dataclass(frozen=True)
class Who:
    """Somebody, and how they stand to the repository, in GitHub's words (`MEMBER`, `NONE` …)."""

    login: str
    association: str = "NONE"
    bot: bool = False


@dataclass(frozen=True)
class Reaction:
    """One of GitHub's eight, and who gave it."""

    content: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """A label; its colour is six hexadecimal digits."""

    name: str
    color: str


@dataclass(frozen=True)
class Commit:
    """A commit, in one line."""

    sha: str
    subject: str
    by: str


@dataclass(frozen=True)
class Remark:
    """A comment on a line of the diff, as part of a review."""

    path: str
    line: int | None
    text: str


class What(enum.Enum):
    """What can happen on a pull request's page, in GitHub's words."""

    COMMENTED = "commented"
    APPROVED = "approved these changes"
    REQUESTED = "requested changes"
    REVIEWED = "reviewed"
    DISMISSED = "gave a review that was dismissed"
    PUSHED = "pushed"
    FORCED = "force-pushed"
    LABELED = "added the label"
    UNLABELED = "removed the label"
    MERGED = "merged"
    CLOSED = "closed this"
    REOPENED = "reopened this"


@dataclass(frozen=True)
class Moment:
    """Something that happened on a pull request.

    Attributes:
      text: Markdown; empty where nothing was said.
      sha: the commit that it is about.
      edited: whether the text was changed later.
      url: of its place on GitHub, where it has one.
    """

    what: What
    by: Who
    at: datetime
    text: str = ""
    sha: str = ""
    label: Label | None = None
    commits: tuple[Commit, ...] = ()
    remarks: tuple[Remark, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    edited: bool = False
    url: str = ""


@dataclass(frozen=True)
class Check:
    """A check run as it stands; `conclusion` is empty until it is completed, `summary` is Markdown."""

    name: str
    sha: str
    by: str
    status: str
    conclusion: str
    at: datetime | None
    title: str = ""
    summary: str = ""
    url: str = ""


class State(enum.Enum):
    """How a pull request stands."""

    OPEN = "Open"
    DRAFT = "Draft"
    MERGED = "Merged"
    CLOSED = "Closed"


@dataclass(frozen=True)
class Pull:
    """A pull request's page.

    Attributes:
      head: `owner:branch`, or the branch where it is of the same repository.
      commits: that it was opened with.
      checks: of all its commits, oldest first.
    """

    repository: str
    number: int
    title: str
    by: Who
    at: datetime
    text: str
    state: State
    base: str
    head: str
    head_sha: str
    commits: tuple[Commit, ...] = ()
    labels: tuple[Label, ...] = ()
    checks: tuple[Check, ...] = ()
    timeline: tuple[Moment, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    url: str = ""

    @property
    def name(self) -> str:
        """`owner/name#number`."""
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True)
class Asset:
    """A file of a release."""

    name: str
    size: int


@dataclass(frozen=True)
class Release:
    """A release's page; `notes` are Markdown."""

    tag: str
    name: str
    by: str
    at: datetime
    notes: str
    draft: bool
    prerelease: bool
    assets: tuple[Asset, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Ref:
    """A branch or a tag, and the commit that it names."""

    name: str
    commit: Commit


@dataclass(frozen=True)
class Kept:
    """A file on a history branch; `record` is None for one that is no record."""

    branch: str
    path: str
    record: Record | None


@dataclass(frozen=True)
class Repository:
    """A repository's pages."""

    name: str
    default_branch: str
    url: str = ""
    pulls: tuple[Pull, ...] = ()
    releases: tuple[Release, ...] = ()
    branches: tuple[Ref, ...] = ()
    tags: tuple[Ref, ...] = ()
    commits: tuple[Commit, ...] = ()
    records: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class Portrait:
    """What there is to see on GitHub; `site` is the address that all of it was at."""

    repositories: tuple[Repository, ...] = ()
    site: str = ""

    @property
    def pulls(self) -> tuple[Pull, ...]:
        """Those of all repositories."""
        return tuple(pull for repository in self.repositories for pull in repository.pulls)
