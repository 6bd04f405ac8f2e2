"""The nouns of the process on GitHub, and the effects that logic asks for; never how they are carried out.

Reading the world gives frozen snapshots, deciding turns them into effects, `github.perform` carries them out.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from release_tools.offers import OpenPullRequest, Suggest
from release_tools.protections import Protection
from release_tools.publications import Publication

KEY = re.compile(r"[\w.:/@]+(-[\w.:/@]+)*", re.ASCII)  # nothing that would end an HTML comment


def marker(key: str) -> str:
    """The last line of a comment of ours, which GitHub does not show.

    Raises:
      ValueError: the key could not be told from other text.
    """
    if not KEY.fullmatch(key):
        raise ValueError(key)
    return f"<!-- release-tools:{key} -->"


class Role(enum.Enum):
    """Whose side a person speaks for; a person holds one role a technique."""

    MOT = "mot"
    OFFICIAL = "official"
    OWNER = "owner"


class Permission(enum.IntEnum):
    """Rights on a repository, as GitHub's permission API names them, in rising order."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


@dataclass(frozen=True)
class Person:
    """An account. `id` stays when the login is renamed; a deleted account is `ghost`."""

    login: str
    id: int
    bot: bool = False


GHOST = Person("ghost", 0)  # GitHub itself says nothing of deleted accounts, or names its own account, ghost


@dataclass(frozen=True)
class IssueComment:
    """A comment on a pull request.

    Attributes:
      edited: whether it says anything else than when it was created; others can edit it.
    """

    id: int
    author: Person
    body: str
    created_at: datetime
    url: str
    edited: bool = False


class ReviewState(enum.Enum):
    """What a review says, in GitHub's words."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"


@dataclass(frozen=True)
class Review:
    """A review, which belongs to a commit; `sha` is empty when that commit is gone."""

    id: int
    author: Person
    state: ReviewState
    sha: str
    submitted_at: datetime
    url: str


@dataclass(frozen=True)
class PullRequest:
    """A pull request as it stands now.

    Attributes:
      repository: `owner/name` of the base repository.
      state: `open` or `closed`.
      head_repository: `owner/name` of where the branch is; empty when that repository is gone.
    """

    repository: str
    number: int
    author: Person
    title: str
    body: str
    state: str
    merged: bool
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    head_repository: str
    labels: tuple[str, ...]
    url: str

    @property
    def from_fork(self) -> bool:
        """Whether the branch is in another repository, whose owner can push to it at any time."""
        return self.head_repository != self.repository


@dataclass(frozen=True)
class Check:
    """A check run on a commit. Any workflow with `checks: write` can make one: it proves nothing.

    Attributes:
      app: slug of the App that made it; only that App can change it.
    """

    id: int
    name: str
    sha: str
    external_id: str
    status: str
    conclusion: str
    url: str
    app: str = ""
    title: str = ""
    summary: str = ""
    details_url: str = ""


@dataclass(frozen=True)
class WorkflowRun:
    """A run of a workflow, as GitHub itself tells it.

    Attributes:
      workflow: path of its file.
      branch: whose workflow ran; for a comment, the default one.
      head_repository: where that branch is.
      created_at: when it was started, and `updated_at` when it last moved: once it has ended, its end.
    """

    id: int
    workflow: str
    event: str
    branch: str
    sha: str
    head_repository: str
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """A pull request with all that was said of it, read at one time, in the order of creation."""

    pull_request: PullRequest
    comments: tuple[IssueComment, ...] = ()
    reviews: tuple[Review, ...] = ()
    checks: tuple[Check, ...] = ()


class CheckStatus(enum.Enum):
    """How far a check run is."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class Conclusion(enum.Enum):
    """How a completed check run ended, in GitHub's words."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    ACTION_REQUIRED = "action_required"


@dataclass(frozen=True)
class Comment:
    """Have exactly one comment of ours with this key on the pull request, saying this.

    Attributes:
      key: hidden in the comment; found by it and by its author.
      replace: whether a comment that is there already is changed; a reply is written once and stays.
    """

    repository: str
    number: int
    key: str
    body: str
    replace: bool = True


@dataclass(frozen=True)
class Reaction:
    """Have our reaction on a comment: `eyes`, `rocket`, `confused`, `+1`, `-1` …"""

    repository: str
    comment_id: int
    content: str


@dataclass(frozen=True)
class SetCheck:
    """Have one check run of this name and external id on the commit, in this state."""

    repository: str
    sha: str
    name: str
    external_id: str
    status: CheckStatus
    title: str
    summary: str
    conclusion: Conclusion | None = None
    details_url: str = ""


@dataclass(frozen=True)
class SetLabels:
    """Have these labels on the pull request and not those; others stay."""

    repository: str
    number: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dispatch:
    """Have a workflow of the repository's started by hand, on `ref`, with these inputs.

    Attributes:
      key: a word of the run's name, by which a run that was started already is found (the workflow says
        `run-name: … ${{ inputs.request }}`); without it nobody can tell, and a lost answer is an error.
    """

    repository: str
    workflow: str
    ref: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True)
class CancelRun:
    """Have a workflow run ended."""

    repository: str
    run_id: int


@dataclass(frozen=True)
class KeepFile:
    """Have this file on a branch that only grows; the branch begins empty, and no file of it is changed."""

    repository: str
    branch: str
    path: str
    text: str


Effect = (
    Comment
    | Reaction
    | SetCheck
    | SetLabels
    | Dispatch
    | CancelRun
    | KeepFile
    | OpenPullRequest
    | Suggest
    | Protection
    | Publication
)
