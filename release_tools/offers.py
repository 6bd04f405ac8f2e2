"""What is offered to a repository: a pull request of one commit, or suggestions on another; does no I/O."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from release_tools.bump.refusal import Code, Reason

TRAILER = "Release-Tools-Tree"  # a commit that still has the tree which we gave it is ours


@dataclass(frozen=True)
class Content:
    """A file's new content; `mode` is git's."""

    path: str
    content: bytes
    mode: str = "100644"

    @property
    def blob(self) -> str:
        """The name that git gives the content."""
        head = f"blob {len(self.content)}\0".encode()
        return hashlib.sha1(head + self.content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class OpenPullRequest:
    """Have one pull request from `branch`, whose only commit, on `base_sha`, gives the files new content.

    Somebody else's commits on the branch stay, a pull request that was closed stays closed: both are errors.

    Attributes:
      message: the commit's, with its first line as subject.
      body: Markdown; a body that a person edited stays as it is.
    """

    repository: str
    branch: str
    base: str
    base_sha: str
    title: str
    body: str
    message: str
    files: tuple[Content, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """Lines `start` to `line` of a file, at the head of a pull request, become `new`."""

    path: str
    start: int
    line: int
    new: str


@dataclass(frozen=True)
class Suggest:
    """Have one review of ours with this key on the pull request, which suggests these changes of its head.

    Attributes:
      key: hidden in the review; found by it and by its author.
    """

    repository: str
    number: int
    sha: str
    key: str
    body: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class Written:
    """A commit on the branch that its base does not have."""

    sha: str
    author: str
    message: str
    tree: str


@dataclass(frozen=True)
class Offered:
    """A pull request from the branch; `merged` ones are closed, too."""

    number: int
    url: str
    base: str
    body: str
    open: bool
    merged: bool


@dataclass(frozen=True)
class Standing:
    """What there is of an offer.

    Attributes:
      tip: of the branch; empty if there is none.
      start: the commit that the branch left its base at.
      changed: the files that differ from there, with git's names of their contents.
      pulls: newest first.
    """

    tip: str = ""
    start: str = ""
    commits: tuple[Written, ...] = ()
    changed: frozenset[tuple[str, str]] = frozenset()
    pulls: tuple[Offered, ...] = ()

    @property
    def pull(self) -> Offered | None:
        """The open pull request."""
        return next((one for one in self.pulls if one.open), None)


def obstacle(offer: OpenPullRequest, standing: Standing, login: str) -> Reason | None:
    """What a person did that stands in the way of the offer, and that is left alone."""
    theirs = [one for one in standing.commits if not _is_ours(one, login)]
    if theirs:
        what = f"{offer.branch} has a commit that is not ours: {theirs[0].sha[:12]} by {theirs[0].author}"
        return Reason(Code.BRANCH_NOT_OURS, what, "it is left alone; merge it, or delete the branch")
    pull = standing.pull
    if pull and pull.base != offer.base:
        what = f"{pull.url} offers {offer.branch} to {pull.base}"
        return Reason(Code.BRANCH_NOT_OURS, what, f"it is left alone; set its base to {offer.base}")
    if not pull and standing.pulls and not standing.pulls[0].merged:
        what = f"{standing.pulls[0].url} was closed"
        return Reason(Code.CLOSED, what, "it stays closed; a person may reopen it")
    return None


def is_there(offer: OpenPullRequest, standing: Standing) -> bool:
    """Whether the branch is exactly what is offered."""
    wanted = frozenset((one.path, one.blob) for one in offer.files)
    return (len(standing.commits), standing.start, standing.changed) == (1, offer.base_sha, wanted)


def commit_message(offer: OpenPullRequest, tree: str) -> str:
    """The commit's message, which tells that it is ours for as long as nobody changes what it holds."""
    return f"{offer.message.rstrip()}\n\n{TRAILER}: {tree}\n"


def _is_ours(commit: Written, login: str) -> bool:
    """By author and content: a commit of ours that somebody amended is theirs."""
    is_kept = commit.message.rstrip().endswith(f"\n{TRAILER}: {commit.tree}")
    return commit.author.lower() == login.lower() and is_kept
