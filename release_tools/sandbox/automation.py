"""What programs say of commits: statuses, check runs, releases, workflow runs; plain data that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from release_tools.sandbox.people import Account


@dataclass(eq=False)
class Status:
    """A commit status."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: Account
    created_at: datetime


@dataclass(eq=False)
class CheckRun:
    """A check run; `output` holds title, summary and text."""

    id: int
    suite: int
    app: Account
    sha: str
    name: str
    status: str
    started_at: datetime | None
    conclusion: str | None = None
    completed_at: datetime | None = None
    external_id: str = ""
    details_url: str | None = None
    output: dict[str, str | None] = field(default_factory=dict)


@dataclass(eq=False)
class Asset:
    """A file of a release."""

    id: int
    name: str
    label: str | None
    content_type: str
    content: bytes
    uploader: Account
    created_at: datetime


@dataclass(eq=False)
class Release:
    """A release; a draft has no tag yet."""

    id: int
    author: Account
    tag_name: str
    target: str
    name: str | None
    body: str | None
    draft: bool
    prerelease: bool
    created_at: datetime
    published_at: datetime | None
    assets: list[Asset] = field(default_factory=list)


@dataclass(eq=False)
class Artifact:
    """A zip that a run left behind."""

    id: int
    name: str
    content: bytes
    created_at: datetime
    expired: bool = False


@dataclass(eq=False)
class Job:
    """A job of a run."""

    id: int
    name: str
    status: str
    conclusion: str | None
    started_at: datetime
    completed_at: datetime | None = None
    labels: tuple[str, ...] = ("ubuntu-latest",)


@dataclass(eq=False)
class Run:
    """A workflow's run; `title` is what its workflow calls it, by default as the workflow is called."""

    id: int
    number: int
    path: str
    event: str
    head_branch: str
    head_sha: str
    actor: Account
    created_at: datetime
    updated_at: datetime
    status: str = "queued"
    conclusion: str | None = None
    title: str = ""
    jobs: list[Job] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)


@dataclass(frozen=True)
class Dispatched:
    """A workflow or repository dispatch that was accepted; `workflow` is empty for the latter."""

    by: Account
    workflow: str
    ref: str
    inputs: Mapping[str, object]
