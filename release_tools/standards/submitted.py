"""An example as a pull request submits it: fetched by git, its changed files, its claims; runs nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from convergence import claims
from convergence.model import Recipe, UserError
from release_tools import config
from release_tools.model import PullRequest, Snapshot
from release_tools.policy import Policy
from release_tools.proposals import LARGEST, Statement
from release_tools.standards import example as examples
from release_tools.standards.example import Example, Stated

MOST_CHANGED = 3000
Fetch = Callable[[str, str, Path], str]
NAMED = re.compile(r"(?:https://[^/\s]+/)?([^/\s#]+/[^/\s#]+?)(?:/pull/|#)([1-9][0-9]{0,9})(?:/\w*)?")


class Hub(Protocol):
    """What is asked of GitHub here."""

    def snapshot(self, repository: str, number: int) -> Snapshot:
        """A pull request as it is."""

    def patches(self, repository: str, number: int) -> Mapping[str, str]:
        """What a pull request changes, by file."""

    def clone_address(self, repository: str) -> str:
        """Where git fetches it from."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file's bytes at a commit."""

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""


@dataclass(frozen=True)
class Submitted:
    """A pull request's example at its head."""

    pull_request: PullRequest
    example: Example


def named(target: str) -> tuple[str, int] | None:
    """The pull request that a word names, as owner/name#N or by its address; None for anything else."""
    found = NAMED.fullmatch(target)
    if found is None or not config.REPOSITORY.fullmatch(found[1]):
        return None
    return found[1], int(found[2])


def read(
    repository: str, number: int, hub: Hub, fetch: Fetch, folder: Path, accepted: Mapping[str, Recipe]
) -> Submitted:
    """The files that the pull request changes, as they are at its head, in an empty folder.

    Raises:
      UserError: moved-meanwhile, policy, no-python, too-large, and those of git and GitHub.
    """
    pull = hub.snapshot(repository, number).pull_request
    changed = sorted(hub.patches(repository, number))
    if len(changed) >= MOST_CHANGED:
        what = f"it changes {MOST_CHANGED:,} files or more, of which GitHub names no others"
        raise UserError("too-large", what, where=pull.url, hint="one example, one pull request")
    sha = fetch(hub.clone_address(repository), f"refs/pull/{number}/head", folder)
    if sha != pull.head_sha:
        raise UserError("moved-meanwhile", "somebody pushed meanwhile", where=pull.url, hint="try again")
    found = examples.read_files(folder, changed, f"{repository}#{number}")
    files = tuple(_statements(folder, policy(repository, hub).storage.claims))
    return Submitted(pull, replace(found, stated=Stated(accepted, files, pull.body)))


def policy(repository: str, hub: Hub) -> Policy:
    """The repository's own policy, which its default branch states; the defaults where it has none."""
    content = hub.read_file(repository, config.PATH, hub.default_branch(repository))
    if content is None:
        return Policy()
    return config.read(content.decode("utf-8", errors="replace"), config.PATH, claims.load())


def _statements(root: Path, where: str) -> list[Statement]:
    folder = root / where
    inside = root.resolve() in folder.resolve().parents
    paths = sorted(folder.glob("*.toml")) if inside and folder.is_dir() else []
    plain = [path for path in paths if path.is_file() and not path.is_symlink()]
    return [_statement(path, root) for path in plain if path.stat().st_size <= LARGEST]


def _statement(path: Path, root: Path) -> Statement:
    text = path.read_bytes().decode("utf-8", errors="replace")
    return Statement(path.stem, text, path.relative_to(root).as_posix())
