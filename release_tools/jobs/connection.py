"""Whose token we act with on which GitHub, and the policy that a repository's default branch states."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from convergence import claims
from convergence.model import UserError
from release_tools import config
from release_tools.policy import Policy

if TYPE_CHECKING:
    from release_tools.github import GitHub


def connect(environment: Mapping[str, str]) -> GitHub:
    """GitHub with the token of GITHUB_TOKEN, whose account GITHUB_LOGIN names where it is set.

    Raises:
      UserError: no-token, bad-address.
    """
    from release_tools import github

    address = environment.get("GITHUB_API_URL", github.API)
    return github.GitHub(
        environment.get("GITHUB_TOKEN", ""), address, login=environment.get("GITHUB_LOGIN", "")
    )


def policy(github: GitHub, repository: str, path: Path | None) -> Policy:
    """The policy in a file, or else that of the repository's default branch, and of no other.

    Raises:
      UserError: policy.
    """
    where = config.PATH if path is None else path.name
    content = path.read_bytes() if path else _content(github, repository)
    return config.read(content.decode("utf-8", errors="replace"), where, claims.load())


def _content(github: GitHub, repository: str) -> bytes:
    branch = f"refs/heads/{github.default_branch(repository)}"  # and no tag of that name
    found = github.read_file(repository, config.PATH, branch)
    if found is None:
        raise UserError(
            "policy", "there is no policy", where=repository, hint="an empty file is the defaults"
        )
    return found
