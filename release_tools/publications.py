"""Effects that make a release public on GitHub, or undo what is not public yet; does no I/O."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PushTag:
    """Have a lightweight tag at this commit; one that is elsewhere is never moved."""

    repository: str
    tag: str
    sha: str


@dataclass(frozen=True)
class PublishRelease:
    """Have a release of this tag, which is there; a text that a person edited stays as it is."""

    repository: str
    tag: str
    name: str
    body: str
    prerelease: bool = False


@dataclass(frozen=True)
class DeleteTag:
    """Have no such tag, where it is at this commit; one that is elsewhere stays."""

    repository: str
    tag: str
    sha: str


@dataclass(frozen=True)
class DeleteDraft:
    """Have no draft of a release of this tag; what is published stays."""

    repository: str
    tag: str


@dataclass(frozen=True)
class ClosePullRequest:
    """Have the pull request closed, with its branch gone if that still is at `sha`."""

    repository: str
    number: int
    branch: str
    sha: str


Publication = PushTag | PublishRelease | DeleteTag | DeleteDraft | ClosePullRequest


@dataclass(frozen=True)
class PublishedRelease:
    """A release on GitHub."""

    id: int
    url: str
    draft: bool
    body: str
