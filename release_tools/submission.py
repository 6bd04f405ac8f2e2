"""`init` as a pull request: the files that a repository lacks, and what its owner has to set beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from release_tools import config, installation, markdown, offers
from release_tools.installation import File, Found, Installation
from release_tools.model import Effect
from release_tools.offers import Content, OpenPullRequest, Standing

BRANCH = "release-tools-init"
TITLE = "Answer /converge"


class Hub(Protocol):
    """What is asked of GitHub here."""

    @property
    def login(self) -> str:
        """Whose token it is."""

    def resolve(self, repository: str, ref: str) -> str:
        """The commit that a branch names."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file's bytes at a commit; None where there is none."""

    def standing(self, offer: OpenPullRequest) -> Standing:
        """What there is of an offer."""

    def perform(self, effect: Effect) -> None:
        """Has the effect."""


@dataclass(frozen=True)
class Submission:
    """What came of it.

    Attributes:
      state: `opened`, `updated`, `as before`; `nothing to do` where the branch has all files already.
      refusal: what a person did that stands in the way, with what would work.
    """

    files: tuple[File, ...]
    state: str
    url: str = ""
    refusal: str = ""


def submit(made: Installation, hub: Hub, *, force: bool, dry_run: bool) -> Submission:
    """Have one pull request with what the repository lacks; a policy that is there is its owner's.

    Raises:
      UserError: changed, unless `force`; and those of GitHub.
    """
    sha = hub.resolve(made.repository, f"refs/heads/{made.branch}")
    files = installation.compare_with(made, lambda path: hub.read_file(made.repository, path, sha))
    if not force:
        installation.require_unchanged(files)
    wanted = [file for file in files if file.found in {Found.MISSING, Found.CHANGED}]
    if not wanted:
        return Submission(tuple(files), "nothing to do")
    offer = _offer(made, sha, wanted)
    there = hub.standing(offer)
    reason = offers.obstacle(offer, there, hub.login)
    if reason:
        return Submission(tuple(files), "refused", refusal=f"{reason.what}; {reason.works}")
    state = "as before" if offers.is_there(offer, there) else "updated"
    state = state if there.pull else "opened"
    if not dry_run:
        hub.perform(offer)
        there = hub.standing(offer)
    return Submission(tuple(files), state, there.pull.url if there.pull else "")


def _offer(made: Installation, sha: str, files: Sequence[File]) -> OpenPullRequest:
    return OpenPullRequest(
        repository=made.repository,
        branch=BRANCH,
        base=made.branch,
        base_sha=sha,
        title=TITLE,
        body=_body(made, files),
        message=f"{TITLE}\n\nThe workflow calls {made.tools} at {made.sha} ({made.version}).",
        files=tuple(_content(file) for file in files),
    )


def _content(file: File) -> Content:
    return Content(file.path, file.content.encode(), "100755" if file.executable else "100644")


def _body(made: Installation, files: Sequence[File]) -> str:
    """What it is for, what is in it, and what stays to be done by an owner."""
    rows = "".join(f"- {markdown.code(file.path)}: {WHAT[file.path]}\n" for file in files)
    checklist = made.filled("CHECKLIST.md").partition("\n")[2].strip()
    pinned = (
        f"It calls {markdown.code(made.tools)} at {markdown.code(made.sha)} ({markdown.text(made.version)})."
    )
    return (
        "Lets maintainers write `/converge` on a pull request, and read there whether its documented numbers "
        f"were reproduced. {pinned}\n\n{rows}\n"
        "Nothing answers before this is merged. Read the policy: it says who speaks for whom.\n\n"
        f"### What only an owner can set\n\n{checklist}\n"
    )


WHAT = {
    installation.STUB: (
        "the workflow, which starts for comments and holds nothing but a call of ours at a fixed commit"
    ),
    installation.APPROVALS: (
        "works out, from what is said and pushed, at which step a technique is; also a call"
    ),
    installation.REVIEW: "wakes the one before after a review, and may do nothing",
    config.PATH: "the policy: teams, runners, budgets; yours to change",
    installation.HOOK: "what each GPU runner runs before a job, so that it refuses all jobs but these",
    installation.CHECKLIST: "the list below, to keep",
}
