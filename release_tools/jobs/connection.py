"""Whose token we act with on which GitHub, and the policy that a repository's default branch states."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from convergence import claims
from convergence.errors import UserError
from release_tools import config
from release_tools.policy import Policy

if TYPE_CHECKING:
    from release_tools.github import GitHub


class Reader(Protocol):
    """What is asked of GitHub."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file at a commit; None where there is none."""

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""


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


def fetch(environment: Mapping[str, str]) -> Callable[[str, str, Path], str]:
    """Has git fetch a commit into a folder with the token of GITHUB_TOKEN, as `checkout.fetch` does."""
    from release_tools.bump import checkout

    return functools.partial(checkout.fetch, token=environment.get("GITHUB_TOKEN", ""))


def policy(github: GitHub, repository: str, path: Path | None) -> Policy:
    """The policy in a file, or else that of the repository's default branch, and of no other.

    Raises:
      UserError: policy.
    """
    if path is not None:
        return _read(path.read_bytes(), path.name)
    found = stated(github, repository)
    if found is None:
        raise UserError(
            "policy", "there is no policy", where=repository, hint="an empty file is the defaults"
        )
    return found


def stated(reader: Reader, repository: str) -> Policy | None:
    """The policy of the repository's default branch, and of no tag of that name; None where it has none.

    Raises:
      UserError: policy.
    """
    branch = f"refs/heads/{reader.default_branch(repository)}"
    content = reader.read_file(repository, config.PATH, branch)
    return None if content is None else _read(content, config.PATH)


def _read(content: bytes, where: str) -> Policy:
    return config.read(content.decode("utf-8", errors="replace"), where, claims.load())
