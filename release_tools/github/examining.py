"""What the seven steps ask of GitHub beyond a snapshot: pull requests, teams, diffs, trees, pushes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from release_tools.approvals.facts import Push
from release_tools.approvals.landing import Logged
from release_tools.approvals.patches import Changed

if TYPE_CHECKING:
    from release_tools.github.session import Session
    from release_tools.model import PullRequest, Snapshot

PER_PAGE = 100  # the most that GitHub gives at once
MOST_FILES = 300  # that GitHub compares in one answer
LOG_PAGES = 5
GONE = {404, 409, 422}
HIDDEN = {403, 404}
LINK = "120000"  # git's mode of a symbolic link


class Examining:
    """The part of a connection that is asked for what decides the steps."""

    _session: Session

    def snapshot_of(self, pull: PullRequest) -> Snapshot:
        """As `snapshot`, of a pull request that is known from a list: one call less."""
        from release_tools.github.errors import explained

        with explained(f"pull request {pull.repository}#{pull.number}", "pull-requests: read"):
            return self._session.read_rest(pull)

    def pulls(self, repository: str, state: str = "open") -> tuple[PullRequest, ...]:
        """The open pull requests; with `closed` the hundred of those that moved last."""
        from release_tools.github.errors import explained

        with explained(f"pull requests of {repository}", "pull-requests: read"):
            return _pulls(self._session, repository, state)

    def members(self, team: str) -> frozenset[int] | None:
        """Ids of who is in the team `org/slug` now; None where this token cannot read it."""
        from release_tools.github.errors import explained

        with explained(f"team {team}", "members: read"):
            return _members(self._session, team)

    def changed(self, repository: str, base: str, head: str) -> tuple[Changed, ...] | None:
        """What a commit changes since it left `base`; None where it is gone, or changes too much."""
        from release_tools.github.errors import explained

        with explained(f"{head} in {repository}", "contents: read"):
            return _changed(self._session, repository, base, head)

    def tree(self, repository: str, ref: str) -> dict[str, str] | None:
        """The blob of every file at a commit or branch; none where there is no such, None if too many.

        A symbolic link is told from a file that says the same.
        """
        from release_tools.github.errors import explained

        with explained(f"{ref} in {repository}", "contents: read"):
            return _tree(self._session, repository, ref)

    def pushes(self, repository: str, branch: str) -> tuple[Push, ...] | None:
        """When GitHub took each commit that the branch was at; None where this token cannot see that."""
        from release_tools.github.errors import explained

        with explained(f"{branch} of {repository}", "contents: read"):
            return _pushes(self._session, repository, branch)

    def log(self, repository: str, branch: str) -> tuple[Logged, ...]:
        """The latest five hundred commits of a branch, newest first."""
        from release_tools.github.errors import explained

        with explained(f"{branch} of {repository}", "contents: read"):
            return _log(self._session, repository, branch)


def _pulls(session: Session, repository: str, state: str) -> tuple[PullRequest, ...]:
    """The open pull requests; of the closed ones the hundred that moved last."""
    from release_tools.github import nouns

    found = session.repository(repository).get_pulls(state=state, sort="updated", direction="desc")
    listed = found if state == "open" else found.get_page(0)
    return tuple(nouns.pull_request(repository, one) for one in listed)


def _members(session: Session, team: str) -> frozenset[int] | None:
    """Ids of those who are in the team now."""
    org, _, slug = team.partition("/")
    path = f"/orgs/{quote(org, safe='')}/teams/{quote(slug, safe='')}/members"
    found: set[int] = set()
    number = 1
    while True:
        listed = _unless(session, HIDDEN, path, per_page=str(PER_PAGE), page=str(number))
        if listed is None:
            return None
        found.update(int(one["id"]) for one in listed)
        if len(listed) < PER_PAGE:
            return frozenset(found)
        number += 1


def _changed(session: Session, repository: str, base: str, head: str) -> tuple[Changed, ...] | None:
    """What a commit changes since it left its base; None where it is gone, or changes too much to be told."""
    path = f"/repos/{repository}/compare/{quote(base, safe='')}...{quote(head, safe='')}"
    found = _unless(session, GONE, path, per_page="1")
    if found is None or len(found.get("files") or ()) >= MOST_FILES:
        return None
    return tuple(
        Changed(
            one["filename"],
            one["status"],
            one["sha"] or "",
            one.get("patch"),
            one.get("previous_filename") or "",
        )
        for one in found.get("files") or ()
    )


def _tree(session: Session, repository: str, ref: str) -> dict[str, str] | None:
    """The blob of every file at a commit or branch: none where there is no such; None if not all are told."""
    path = f"/repos/{repository}/git/trees/{quote(ref, safe='')}"
    found = _unless(session, GONE, path, recursive="1")
    if found is None:
        return {}
    if found["truncated"]:
        return None
    files = (one for one in found["tree"] if one["type"] == "blob")
    return {one["path"]: f"{LINK} " * (one["mode"] == LINK) + one["sha"] for one in files}


def _pushes(session: Session, repository: str, branch: str) -> tuple[Push, ...] | None:
    """The latest hundred changes of a branch, oldest first, at the time at which GitHub took each."""
    path = f"/repos/{repository}/activity"
    listed = _unless(session, HIDDEN, path, ref=f"refs/heads/{branch}", per_page=str(PER_PAGE))
    if listed is None:
        return None
    found = [Push(datetime.fromisoformat(one["timestamp"]), str(one["after"])) for one in listed]
    return tuple(sorted(found, key=lambda one: one.at))


def _log(session: Session, repository: str, branch: str) -> tuple[Logged, ...]:
    path = f"/repos/{repository}/commits"
    found: list[Logged] = []
    for number in range(1, LOG_PAGES + 1):
        listed = session.get(path, sha=branch, per_page=str(PER_PAGE), page=str(number))
        found += [Logged(one["sha"], one["commit"]["message"], one["html_url"]) for one in listed]
        if len(listed) < PER_PAGE:
            break
    return tuple(found)


def _unless(session: Session, statuses: set[int], path: str, **parameters: str) -> Any:
    """The answer, or None for those refusals."""
    from github import GithubException

    from release_tools.github.patience import is_rate_limit

    try:
        return session.get(path, **parameters)
    except GithubException as error:
        if error.status not in statuses or is_rate_limit(error):
            raise
        return None
