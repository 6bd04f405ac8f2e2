"""GitHub: what it says, as snapshots, and how effects are carried out; the only user of PyGithub.

Importing this loads nothing; connecting imports PyGithub.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from convergence.errors import UserError
from release_tools.github.examining import Examining
from release_tools.model import (
    CancelRun,
    Check,
    Comment,
    Dispatch,
    Effect,
    KeepFile,
    Permission,
    Reaction,
    SetCheck,
    SetLabels,
    Snapshot,
    WorkflowRun,
)
from release_tools.offers import OpenPullRequest, Standing, Suggest
from release_tools.protections import (
    CreateFork,
    LimitWorkflows,
    ProtectBranch,
    ProtectEnvironment,
    Protection,
)
from release_tools.publications import (
    ClosePullRequest,
    DeleteDraft,
    DeleteTag,
    PublishedRelease,
    PublishRelease,
    PushTag,
)

if TYPE_CHECKING:
    from release_tools.settings import Setting

API = "https://api.github.com"
SECONDS_BETWEEN_WRITES = 1.0  # GitHub's own advice against its secondary limits
NEEDED = {
    Comment: "pull-requests: write",
    Reaction: "pull-requests: write",
    SetLabels: "pull-requests: write",
    SetCheck: "checks: write",
    Dispatch: "actions: write",
    CancelRun: "actions: write",
    OpenPullRequest: "contents: write and pull-requests: write",
    Suggest: "pull-requests: write",
    KeepFile: "contents: write",
    CreateFork: "administration: write and contents: read",
    ProtectBranch: "administration: write",
    ProtectEnvironment: "administration: write",
    LimitWorkflows: "administration: write",
    PushTag: "contents: write",
    PublishRelease: "contents: write",
    DeleteTag: "contents: write",
    DeleteDraft: "contents: write",
    ClosePullRequest: "contents: write and pull-requests: write",
}


class GitHub(Examining):
    """What a token can see and do.

    Every method raises UserError for what a person can mend: bad-token, no-permission, not-found, rate-limit,
    refused, github-failing, unreachable, foreign-address.
    """

    def __init__(
        self,
        token: str,
        base_url: str = API,
        *,
        login: str = "",
        wait: Callable[[float], None] = time.sleep,
        seconds_between_writes: float | None = None,
    ) -> None:
        """Connects; nothing is asked yet.

        Args:
          login: whose token it is, e.g. `github-actions[bot]`; asked for when needed and not given.
          wait: lets seconds pass, before something is tried again.
          seconds_between_writes: as GitHub advises by default, and none on loopback, where no GitHub is.

        Raises:
          UserError: no-token, bad-address.
        """
        from release_tools import network
        from release_tools.github.patience import Patience
        from release_tools.github.session import Session

        pause = seconds_between_writes
        if pause is None:
            pause = 0.0 if network.on_loopback(base_url) else SECONDS_BETWEEN_WRITES
        self._session = Session(token, base_url, login, Patience(wait), pause)

    @property
    def login(self) -> str:
        """Whose token it is: a user, or an App as `name[bot]`."""
        from release_tools.github.errors import explained

        with explained("the token's account", "a user's or an App's token"):
            return self._session.login

    def snapshot(self, repository: str, number: int) -> Snapshot:
        """A pull request with its comments, submitted reviews and the check runs of its head.

        Four calls, and one for each further hundred of anything. Effects that follow are compared with it.
        """
        from release_tools.github.errors import explained

        with explained(f"pull request {repository}#{number}", "pull-requests: read"):
            return self._session.read(repository, number)

    def permission(self, repository: str, login: str) -> Permission:
        """What somebody may do; NONE for who is not known."""
        from github import UnknownObjectException

        from release_tools.github.errors import explained
        from release_tools.github.nouns import permission

        with explained(f"{login}'s permission on {repository}", "metadata: read and a push right"):
            self._session.repository(repository)
            try:
                path = f"/repos/{repository}/collaborators/{quote(login, safe='')}/permission"
                return permission(self._session.get(path))
            except UnknownObjectException:
                return Permission.NONE

    def member(self, team: str, login: str) -> bool | None:
        """Whether somebody is in the team `org/slug`; None where this token cannot read it."""
        from release_tools.github.errors import explained

        org, _, slug = team.partition("/")
        path = f"/orgs/{quote(org, safe='')}/teams/{quote(slug, safe='')}"
        with explained(f"team {team}", "members: read"):
            found = self._unless_hidden(f"{path}/memberships/{quote(login, safe='')}")
            if found:
                return found == "active"
            return False if self._unless_hidden(path) else None

    def _unless_hidden(self, path: str) -> str:
        """The state that the answer tells, or that there is one; empty for what the token does not see."""
        from github import GithubException

        from release_tools.github.patience import is_rate_limit

        try:
            return str(self._session.get(path).get("state", "there"))
        except GithubException as error:
            if error.status in {403, 404} and not is_rate_limit(error):
                return ""
            raise

    def resolve(self, repository: str, ref: str) -> str:
        """The commit that a branch, tag or abbreviated SHA names now.

        Raises:
          UserError: no-commit.
        """
        from github import GithubException

        from release_tools.github.errors import explained

        with explained(f"{ref} in {repository}", "contents: read"):
            try:
                self._session.repository(repository)
                path = f"/repos/{repository}/commits/{quote(ref, safe='')}"
                return str(self._session.get(path, per_page="1")["sha"])  # of the files it changes, one
            except GithubException as error:
                if error.status != 422:
                    raise
                raise _no_commit(repository, ref) from error

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file's bytes at a commit; None where there is no such file.

        Raises:
          UserError: no-commit; not-a-file, for folders, links and what is larger than a megabyte.
        """
        from github import GithubException

        from release_tools.github.errors import explained, reason

        with explained(f"{path} in {repository}", "contents: read"):
            try:
                found = self._session.repository(repository).get_contents(path, ref=ref)
            except GithubException as error:
                if error.status != 404:
                    raise
                if "no commit found" in reason(error).lower():
                    raise _no_commit(repository, ref) from error
                return None
            if isinstance(found, list) or found.type != "file" or found.encoding != "base64":
                raise UserError(
                    "not-a-file", f"{path} is no file of at most 1 MB", where=f"{repository}@{ref}"
                )
            return found.decoded_content

    def list_folder(self, repository: str, path: str, ref: str) -> tuple[str, ...]:
        """Paths of the files in a folder at a branch; none where either is missing."""
        from github import GithubException

        from release_tools.github.errors import explained

        with explained(f"{path} in {repository}", "contents: read"):
            try:
                found = self._session.repository(repository).get_contents(path, ref=ref)
            except GithubException as error:
                if error.status != 404:
                    raise
                return ()
            return tuple(one.path for one in found if one.type == "file") if isinstance(found, list) else ()

    def workflow_run(self, repository: str, run_id: int) -> WorkflowRun | None:
        """A run of the repository's workflows; None where there is no such run."""
        from github import UnknownObjectException

        from release_tools.github import nouns
        from release_tools.github.errors import explained

        with explained(f"run {run_id} of {repository}", "actions: read"):
            try:
                return nouns.workflow_run(self._session.repository(repository).get_workflow_run(run_id))
            except UnknownObjectException:
                return None

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""
        from release_tools.github.errors import explained

        with explained(repository, "metadata: read"):
            return self._session.repository(repository).default_branch

    def clone_address(self, repository: str) -> str:
        """Where git fetches the repository from."""
        from release_tools.github.errors import explained

        with explained(repository, "metadata: read"):
            return self._session.repository(repository).clone_url

    def standing(self, offer: OpenPullRequest) -> Standing:
        """What there is of a pull request that is offered: its branch, and what was made of it."""
        from release_tools.github import offering
        from release_tools.github.errors import explained

        with explained(f"{offer.branch} of {offer.repository}", "contents: read and pull-requests: read"):
            return offering.standing(offer, self._session)

    def tag(self, repository: str, name: str) -> str:
        """The commit that a tag names now, or nothing."""
        from release_tools.github import releasing
        from release_tools.github.errors import explained

        with explained(f"tag {name} of {repository}", "contents: read"):
            return releasing.tag(self._session, repository, name)

    def release(self, repository: str, tag: str) -> PublishedRelease | None:
        """The release of a tag, or a draft of one that this token sees."""
        from release_tools.github import releasing
        from release_tools.github.errors import explained

        with explained(f"release {tag} of {repository}", "contents: read"):
            return releasing.release(self._session, repository, tag)

    def checks(self, repository: str, sha: str) -> tuple[Check, ...]:
        """The check runs of a commit."""
        from release_tools.github.errors import explained

        with explained(f"the checks of {sha[:12]} in {repository}", "checks: read"):
            return self._session.checks_of(repository, sha)

    def patches(self, repository: str, number: int) -> dict[str, str]:
        """What a pull request shows of each file: nothing of what is binary or too large."""
        from release_tools.github.errors import explained

        with explained(f"pull request {repository}#{number}", "pull-requests: read"):
            found = self._session.repository(repository).get_pull(number).get_files()
            return {file.filename: file.patch or "" for file in found}

    def setting(self, repository: str, path: str) -> Setting:
        """What the API has below the repository's path, for settings; nothing, or hidden, is no error."""
        from github import GithubException

        from release_tools.github.errors import explained
        from release_tools.github.patience import is_rate_limit
        from release_tools.settings import Setting

        with explained(f"{path} of {repository}", "administration: read"):
            try:
                self._session.repository(repository)
                return Setting(self._session.get(f"/repos/{repository}/{quote(path)}"))
            except GithubException as error:
                if error.status not in {403, 404} or is_rate_limit(error):
                    raise
                return Setting(hidden=error.status == 403)

    def is_there(self, effect: Protection) -> bool:
        """Whether all is as the effect would have it already."""
        from release_tools.effects import describe
        from release_tools.github import protecting
        from release_tools.github.errors import explained

        with explained(describe(effect), NEEDED[type(effect)]):
            return protecting.is_there(effect, self._session)

    def perform(self, effect: Effect) -> None:
        """Has the effect; once it is there, performing it again changes nothing.

        What failed on the way is tried again, after the waits that GitHub asks for, and looked at first.
        """
        from release_tools.effects import describe
        from release_tools.github import (  # noqa: F401 - they register
            keeping,
            offering,
            performing,
            protecting,
            releasing,
            suggesting,
        )
        from release_tools.github.errors import explained

        with explained(describe(effect), NEEDED[type(effect)]):
            self._session.patience.until_done(
                lambda: performing.perform(effect, self._session), self._session.forget
            )


def _no_commit(repository: str, ref: str) -> UserError:
    return UserError(
        "no-commit", f"no commit is called {ref!r}", where=repository, hint="name a branch, a tag or a SHA"
    )
