"""An example as a pull request submits it: fetched by git, its changed files, its claims; runs nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Protocol

from convergence.errors import UserError
from convergence.model import STRICT, Recipe
from release_tools import config, shell
from release_tools.jobs import connection
from release_tools.model import Snapshot
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
class Submission:
    """What GitHub tells of a pull request's example: enough to examine a checkout of it without a token.

    Attributes:
      example: `owner/name#number`.
      changed: paths of the files that it changes.
      body: the pull request's text, which may state claims.
      claims: folder of claim files, by the policy of the default branch.
    """

    __pydantic_config__: ClassVar = STRICT

    example: str
    sha: str
    changed: tuple[str, ...]
    body: str
    claims: str


def named(target: str) -> tuple[str, int] | None:
    """The pull request that a word names, as owner/name#N or by its address; None for anything else."""
    found = NAMED.fullmatch(target)
    if found is None or not config.REPOSITORY.fullmatch(found[1]):
        return None
    return found[1], int(found[2])


def ask(repository: str, number: int, hub: Hub) -> Submission:
    """What a pull request submits, as it stands now.

    Raises:
      UserError: policy, too-large, and those of GitHub.
    """
    pull = hub.snapshot(repository, number).pull_request
    changed = tuple(sorted(hub.patches(repository, number)))
    if len(changed) >= MOST_CHANGED:
        what = f"it changes {MOST_CHANGED:,} files or more, of which GitHub names no others"
        raise UserError("too-large", what, where=pull.url, hint="one example, one pull request")
    claims_folder = policy(repository, hub).storage.claims
    return Submission(f"{repository}#{number}", pull.head_sha, changed, pull.body, claims_folder)


def read(made: Submission, folder: Path, accepted: Mapping[str, Recipe]) -> Example:
    """The files that the pull request changes, as a checkout of its head has them.

    Raises:
      UserError: other-head, no-python, too-large.
    """
    head = shell.run(["git", "-C", folder, "rev-parse", "HEAD"], check=False).out.strip()
    if head != made.sha:
        what = f"the checkout is at {head[:12] or 'no commit'}, {made.example} at {made.sha[:12]}"
        raise UserError("other-head", what, where=str(folder), hint="check out that commit")
    found = examples.read_files(folder, made.changed, made.example)
    stated = Stated(accepted, tuple(_statements(folder, made.claims)), made.body)
    return replace(found, stated=stated)


def fetch(made: Submission, hub: Hub, fetched: Fetch, folder: Path) -> None:
    """Has the head in an empty folder.

    Raises:
      UserError: moved-meanwhile, and those of git and GitHub.
    """
    repository, _, number = made.example.partition("#")
    if fetched(hub.clone_address(repository), f"refs/pull/{number}/head", folder) != made.sha:
        hint = "try again"
        raise UserError("moved-meanwhile", "somebody pushed meanwhile", where=made.example, hint=hint)


def policy(repository: str, hub: Hub) -> Policy:
    """The repository's own policy, which its default branch states; the defaults where it has none."""
    return connection.stated(hub, repository) or Policy()


def _statements(root: Path, where: str) -> list[Statement]:
    folder = root / where
    inside = root.resolve() in folder.resolve().parents
    paths = sorted(folder.glob("*.toml")) if inside and folder.is_dir() else []
    plain = [path for path in paths if path.is_file() and not path.is_symlink()]
    return [_statement(path, root) for path in plain if path.stat().st_size <= LARGEST]


def _statement(path: Path, root: Path) -> Statement:
    text = path.read_bytes().decode("utf-8", errors="replace")
    return Statement(path.stem, text, path.relative_to(root).as_posix())
