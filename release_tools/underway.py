"""The requests on a pull request's head, told by its check runs; who asked follows from the comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from release_tools.model import Check, CheckStatus, Person, Snapshot
from release_tools.plan import request_id

CHECK = "MOT convergence"
WORKFLOWS = "github-actions[bot]"
_RUN = re.compile(r"https?://[^/]+/([^/]+/[^/]+)/actions/runs/([0-9]{1,18})(?:/.*)?")


@dataclass(frozen=True)
class Request:
    """A request that was accepted.

    Attributes:
      by: who asked; None when the comment is gone, or the check was made by somebody else.
    """

    check: Check
    by: Person | None

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.check.status == CheckStatus.COMPLETED.value

    def run(self, repository: str) -> int | None:
        """The workflow run that works on it, where the check names one of that repository."""
        return run_id(self.check.details_url, repository)


def run_id(address: str, repository: str) -> int | None:
    """The id of the repository's workflow run that an address is of."""
    found = _RUN.fullmatch(address)
    return int(found[2]) if found and found[1].lower() == repository.lower() else None


def only_ours(snapshot: Snapshot, login: str) -> Snapshot:
    """The snapshot without other Apps' checks: any App that may write checks can make one of our name.

    Args:
      login: whose token ours are made with, `name[bot]`; those of workflows count as well.
    """
    makers = {login.lower(), WORKFLOWS}
    return replace(
        snapshot, checks=tuple(check for check in snapshot.checks if f"{check.app}[bot]".lower() in makers)
    )


def requests(snapshot: Snapshot) -> list[Request]:
    """All requests on the head, in the order of their checks.

    A request's id follows from its comment, so that nobody becomes another's requester by making a check.
    """
    head = snapshot.pull_request.head_sha
    asked = {request_id(comment.id, head): comment.author for comment in snapshot.comments}
    ours = [check for check in snapshot.checks if check.name == CHECK and check.sha == head]
    return [Request(check, asked.get(check.external_id)) for check in ours]
