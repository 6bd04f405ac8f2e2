"""What a new fork of Official Models needs, in order: the fork itself, and who may do what in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convergence.errors import UserError
from release_tools import config, installation
from release_tools.protections import (
    ADMINISTRATORS,
    GITHUB_ACTIONS,
    MOST_REVIEWERS,
    CreateFork,
    LimitWorkflows,
    ProtectBranch,
    ProtectEnvironment,
    Protection,
    Rule,
)

REVIEWED = Rule(
    "pull_request",
    {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": True,
        "required_review_thread_resolution": False,
    },
)


@dataclass(frozen=True)
class Founding:
    """A fork that is to be.

    Attributes:
      history: branch of the records.
      reviewers: teams and logins who consent to what takes more than its budget, or comes from a fork.

    Raises:
      UserError: usage.
    """

    parent: str
    fork: str
    history: str
    reviewers: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in (self.parent, self.fork):
            if not config.REPOSITORY.fullmatch(name):
                raise UserError("usage", f"{name!r} is no repository", hint="write owner/name")
        if self.parent.lower().split("/")[0] == self.fork.lower().split("/")[0]:
            what = f"GitHub makes no fork beside its parent, in {self.parent.partition('/')[0]}"
            raise UserError("usage", what, hint="name another organisation")
        _check_reviewers(self.reviewers)


def effects(founding: Founding) -> tuple[Protection, ...]:
    """All that is to be there; each changes nothing where it is."""
    fork = founding.fork
    administrators = (("RepositoryRole", ADMINISTRATORS),)
    return (
        CreateFork(founding.parent, fork),
        # Administrators pass, since `fork sync` puts ours on top of the upstream anew.
        ProtectBranch(
            repository=fork,
            name="MOT: default branch",
            branch="~DEFAULT_BRANCH",
            rules=(Rule("deletion"), Rule("non_fast_forward"), REVIEWED),
            bypass=administrators,
        ),
        ProtectBranch(
            repository=fork,
            name="MOT: history",
            branch=founding.history,
            rules=tuple(Rule(name) for name in ("creation", "deletion", "non_fast_forward", "update")),
            bypass=(("Integration", GITHUB_ACTIONS),),
        ),
        ProtectEnvironment(fork, installation.ENVIRONMENT, founding.reviewers),
        LimitWorkflows(fork),
    )


def _check_reviewers(reviewers: Sequence[str]) -> None:
    if not 1 <= len(reviewers) <= MOST_REVIEWERS:
        what = f"{len(reviewers)} reviewers: an environment has 1 to {MOST_REVIEWERS}"
        raise UserError("usage", what, hint="--reviewer ORG/TEAM, or a login")
    for name in reviewers:
        if not (config.TEAM if "/" in name else config.LOGIN).fullmatch(name):
            raise UserError(
                "usage", f"{name!r} is no team and no login", hint="--reviewer ORG/TEAM, or a login"
            )
