"""Repositories, and what people say in them: issues, pull requests, comments, reviews; data that changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from release_tools.model import Permission
from release_tools.sandbox.automation import CheckRun, Dispatched, Release, Run, Status
from release_tools.sandbox.git import Git
from release_tools.sandbox.people import Account, Site, Team


@dataclass(eq=False)
class Label:
    """A label of a repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False)
class Reaction:
    """One of GitHub's eight reactions."""

    id: int
    user: Account
    content: str
    created_at: datetime


@dataclass(frozen=True)
class Happening:
    """What changed about an issue without a word: `labeled`, `unlabeled`, `closed` or `reopened`."""

    what: str
    by: Account
    at: datetime
    label: Label | None = None


@dataclass(eq=False)
class Comment:
    """A comment on an issue or pull request."""

    id: int
    user: Account
    body: str
    created_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False)
class Review:
    """A review, which knows the commit it was given for."""

    id: int
    user: Account
    body: str
    state: str
    commit_id: str
    submitted_at: datetime | None


@dataclass(eq=False)
class ReviewComment:
    """A comment on a line of a pull request's diff."""

    id: int
    review: Review
    user: Account
    body: str
    path: str
    line: int | None
    side: str
    commit_id: str
    diff_hunk: str
    created_at: datetime
    updated_at: datetime
    in_reply_to: int | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False)
class Pull:
    """What makes an issue a pull request. `head_repository` is None once it is deleted."""

    id: int
    head_repository: Repository | None
    head_owner: Account
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit_sha: str | None = None
    reviews: list[Review] = field(default_factory=list)
    comments: list[ReviewComment] = field(default_factory=list)


@dataclass(eq=False)
class Issue:
    """An issue, or with `pull` a pull request: they share their numbers."""

    id: int
    number: int
    user: Account
    title: str
    body: str | None
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    happened: list[Happening] = field(default_factory=list)
    pull: Pull | None = None


@dataclass(frozen=True)
class Activity:
    """That a ref moved from one commit to another; the null commit stands for none."""

    id: int
    ref: str
    before: str
    after: str
    at: datetime
    by: Account


@dataclass(eq=False)
class Ruleset:
    """Rules of a repository for the branches that its conditions name; what it says is as it was sent."""

    id: int
    name: str
    said: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class Settings:
    """What owners set: rules by branch, reviewers by environment, and what workflows may by default.

    Attributes:
      rules: in force on a branch by other rulesets than the repository's own.
      self_review: environments whose reviewers may consent to their own requests.
    """

    rules: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rulesets: dict[int, Ruleset] = field(default_factory=dict)
    environments: dict[str, tuple[Account | Team, ...]] = field(default_factory=dict)
    self_review: set[str] = field(default_factory=set)
    workflows_write: bool = False
    workflows_approve: bool = False


@dataclass(eq=False)
class Repository:
    """A repository: git is its truth for branches, tags and files; the rest is here."""

    site: Site
    id: int
    owner: Account
    name: str
    git: Git
    created_at: datetime
    updated_at: datetime
    default_branch: str = "master"
    private: bool = False
    description: str | None = None
    parent: Repository | None = None
    collaborators: dict[int, Permission] = field(default_factory=dict)
    teams: dict[int, tuple[Team, Permission]] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    checks: dict[int, CheckRun] = field(default_factory=dict)
    releases: dict[int, Release] = field(default_factory=dict)
    workflows: dict[str, int] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    dispatches: list[Dispatched] = field(default_factory=list)
    seen_refs: dict[str, str] = field(default_factory=dict)
    activity: list[Activity] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"

    @property
    def api(self) -> str:
        """Its address in the API."""
        return f"{self.site.api}/repos/{self.full_name}"

    @property
    def html(self) -> str:
        """Its page."""
        return f"{self.site.html}/{self.full_name}"
