"""Who may take a gate's refusal on themselves: looked up on GitHub, never believed from an option."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from convergence.errors import UserError
from release_tools.policy import Policy
from release_tools.settings import Setting


class Directory(Protocol):
    """What is asked of GitHub."""

    @property
    def login(self) -> str:
        """Whose token it is."""

    def member(self, team: str, login: str) -> bool | None:
        """Whether somebody is in a team."""

    def setting(self, repository: str, path: str) -> Setting:
        """What the API has below the repository's path."""


def person(hub: Directory, environment: Mapping[str, str]) -> str:
    """Who acts: the token's account, or in a workflow whoever started the run, as GitHub tells it.

    Raises:
      UserError: nobody.
    """
    login = hub.login
    if not login.endswith("[bot]"):
        return login
    repository, run = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_RUN_ID", "")
    found = hub.setting(repository, f"actions/runs/{run}").value if repository and run.isdigit() else None
    actor = (found or {}).get("triggering_actor") or {}
    if not actor.get("login"):
        raise UserError(
            "nobody", f"{login} is no person", hint="use a person's token, or start it as a workflow"
        )
    return str(actor["login"])


def require_mot(hub: Directory, policy: Policy, login: str) -> None:
    """Raise a UserError unless somebody speaks for TFMOT, as the policy says."""
    if policy.is_bot(login):
        raise UserError("not-authorised", f"{login} is no person")
    for holder in policy.roles.mot:
        if holder.lower() == login.lower() or ("/" in holder and hub.member(holder, login)):
            return
    raise UserError(
        "not-authorised",
        f"{login} does not speak for TFMOT, and may override no gate",
        hint="roles.mot of the policy names who does",
    )
