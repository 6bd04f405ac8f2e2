"""A connection to GitHub and what was seen over it; never what is done with it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from convergence.errors import UserError
from release_tools import network
from release_tools.github import nouns
from release_tools.github.patience import Patience
from release_tools.model import Check, IssueComment, PullRequest, Snapshot

if TYPE_CHECKING:
    from github import Github
    from github.IssueComment import IssueComment as GivenComment
    from github.Repository import Repository

PER_PAGE = 100  # the most that GitHub gives at once


class Session:
    """A token's connection to one GitHub.

    What `snapshot` saw is believed until something goes wrong, so that an unchanged pull request costs no
    second look. Without a snapshot everything is read when it is needed.
    """

    def __init__(
        self, token: str, base_url: str, login: str, patience: Patience, seconds_between_writes: float
    ) -> None:
        if not token:
            raise UserError("no-token", "there is no token for GitHub", hint="set GITHUB_TOKEN")
        self.patience = patience
        self._login = login
        self._is_of_an_app = token.startswith("ghs_")  # GitHub's prefix for App and workflow tokens
        self._snapshots: dict[tuple[str, int], Snapshot] = {}
        self._client = _connect(token, _checked(base_url), patience, seconds_between_writes)

    def repository(self, name: str) -> Repository:
        """The repository `owner/name`; nothing is asked."""
        owner, _, rest = name.partition("/")
        if not owner or not rest or "/" in rest:
            raise UserError("bad-repository", f"{name!r} is no repository", hint="write owner/name")
        return self._client.get_repo(name)

    def get(self, path: str, **parameters: str) -> Any:
        """The answer to a request that changes nothing."""
        return self._client.requester.requestJsonAndCheck("GET", path, parameters=parameters)[1]

    def post(self, path: str) -> None:
        """Asks for what PyGithub does not tell the failure of."""
        self._client.requester.requestJsonAndCheck("POST", path)

    def send(self, method: str, path: str, **sent: Any) -> Any:
        """The answer to a request that writes, where nothing of PyGithub's would look first."""
        return self._client.requester.requestJsonAndCheck(method, path, input=sent)[1]

    def delete(self, path: str) -> None:
        """Has nothing at this path any more."""
        self._client.requester.requestJsonAndCheck("DELETE", path)

    @functools.cached_property
    def login(self) -> str:
        """Whose token it is. An App's has no user, and only GraphQL tells what it is called."""
        if self._login:
            return self._login
        return self._viewer() if self._is_of_an_app else str(self.get("/user")["login"])

    def _viewer(self) -> str:
        answer = self._client.requester.graphql_query("query { viewer { login } }", {})[1]
        return str(answer["data"]["viewer"]["login"])

    def read(self, repository: str, number: int) -> Snapshot:
        """The pull request with all that was said of it, in one call for each and each further hundred."""
        return self.read_rest(nouns.pull_request(repository, self.repository(repository).get_pull(number)))

    def read_rest(self, pull: PullRequest) -> Snapshot:
        """All that was said of a pull request that is known already."""
        repository, number = pull.repository, pull.number
        repo = self.repository(repository)
        self._snapshots[repository, number] = found = Snapshot(
            pull_request=pull,
            comments=self._read_comments(repository, number),
            reviews=tuple(
                nouns.review(one)
                for one in repo.get_pull(number).get_reviews()
                if one.state != "PENDING"  # its author's alone until it is submitted
            ),
            checks=self._read_checks(repository, pull.head_sha),
        )
        return found

    def comments(self, repository: str, number: int) -> tuple[IssueComment, ...]:
        """The comments as far as they are known, or else read now."""
        seen = self._snapshots.get((repository, number))
        return seen.comments if seen else self._read_comments(repository, number)

    def comments_since(self, repository: str, number: int, when: datetime) -> Sequence[IssueComment]:
        """The comments that were written or edited since, read now."""
        return self._read_comments(repository, number, since=when)

    def issue_comment(self, repository: str, comment_id: int) -> GivenComment:
        """A comment to change or to react to; nothing is asked."""
        issue = self.repository(repository).get_issue(0)  # a comment's address has no issue in it
        return issue.get_comment(comment_id)

    def checks(self, repository: str, sha: str, name: str) -> tuple[Check, ...]:
        """The check runs of this name on the commit as far as they are known, or else read now."""
        seen = self._seen_at(repository, sha)
        found = seen.checks if seen else self._read_checks(repository, sha, check_name=name)
        return tuple(one for one in found if one.name == name)

    def checks_of(self, repository: str, sha: str) -> tuple[Check, ...]:
        """All check runs of a commit, read now."""
        return self._read_checks(repository, sha)

    def labels(self, repository: str, number: int) -> tuple[str, ...]:
        """The labels as far as they are known, or else read now."""
        seen = self._snapshots.get((repository, number))
        if seen:
            return seen.pull_request.labels
        return tuple(label.name for label in self.repository(repository).get_issue(number).get_labels())

    def wrote_comments(self, repository: str, number: int, comments: tuple[IssueComment, ...]) -> None:
        """Remembers the comments as they are after our own change."""
        if seen := self._snapshots.get((repository, number)):
            self._snapshots[repository, number] = replace(seen, comments=comments)

    def wrote_check(self, repository: str, sha: str, check: Check) -> None:
        """Remembers a check run of ours."""
        if seen := self._seen_at(repository, sha):
            others = tuple(one for one in seen.checks if one.id != check.id)
            self._snapshots[repository, seen.pull_request.number] = replace(seen, checks=(*others, check))

    def wrote_labels(self, repository: str, number: int, labels: tuple[str, ...]) -> None:
        """Remembers the labels as they are after our own change."""
        if seen := self._snapshots.get((repository, number)):
            changed = replace(seen, pull_request=replace(seen.pull_request, labels=labels))
            self._snapshots[repository, number] = changed

    def forget(self) -> None:
        """Believes nothing any more that was seen."""
        self._snapshots.clear()

    def _seen_at(self, repository: str, sha: str) -> Snapshot | None:
        pulls = ((seen.pull_request, seen) for seen in self._snapshots.values())
        return next(
            (seen for pull, seen in pulls if (pull.repository, pull.head_sha) == (repository, sha)), None
        )

    def _read_comments(self, repository: str, number: int, **only: datetime) -> tuple[IssueComment, ...]:
        found = self.repository(repository).get_issue(number).get_comments(**only)
        return tuple(sorted(map(nouns.comment, found), key=lambda one: (one.created_at, one.id)))

    def _read_checks(self, repository: str, sha: str, **only: str) -> tuple[Check, ...]:
        """All of them: by default GitHub gives the latest of a name, whatever their external ids are."""
        found = self.repository(repository).get_commit(sha).get_check_runs(filter="all", **only)
        return tuple(map(nouns.check, found))


def _checked(base_url: str) -> str:
    if urlsplit(base_url).hostname and network.is_private(base_url):
        return base_url.rstrip("/")
    raise UserError("bad-address", f"no token is sent to {base_url!r}", hint="use an https:// address")


def _connect(token: str, base_url: str, patience: Patience, seconds_between_writes: float) -> Github:
    from github import Auth, Github

    logging.getLogger("github").setLevel(
        logging.CRITICAL
    )  # a refusal is an answer here, and said in our words
    return Github(
        auth=Auth.Token(token),
        base_url=base_url,
        user_agent="tfmot-release-tools",
        per_page=PER_PAGE,
        retry=patience.for_reads(),
        seconds_between_requests=0,  # GitHub asks for requests one after another, which they are
        seconds_between_writes=seconds_between_writes,
        lazy=True,
    )
