"""What a request is about, read from GitHub: the commits to test, and the claim files of the pull request."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from convergence.errors import UserError
from release_tools import proposals
from release_tools.model import PullRequest
from release_tools.plan import Commit
from release_tools.policy import Policy
from release_tools.proposals import Statement

if TYPE_CHECKING:
    from release_tools.conversation import Reader

# SHAs from git's shortest on, what `git describe` makes of them, and what GitHub keeps of pull requests.
_UNREVIEWED = re.compile(r"(.*-g)?[0-9a-f]{4,40}|(refs/)?pull/.*", re.IGNORECASE | re.ASCII)
_DOCUMENTATION = ".md"


@dataclass(frozen=True)
class Sources:
    """What was read.

    Attributes:
      unreviewed: whether TFMOT's commit may be on no branch: GitHub finds the commits of forks, too.
    """

    tfmot: Commit
    models: Commit
    statements: tuple[Statement, ...]
    unreviewed: bool = False


def read(
    pull_request: PullRequest, policy: Policy, techniques: Sequence[str], tfmot: str, reader: Reader
) -> Sources:
    """The commits that are tested, one of them the pull request's head, and its claim files there.

    Args:
      techniques: whose claim files are looked for.
      tfmot: the revision of TFMOT that was asked for; empty for the newest.

    Raises:
      UserError: repository, tfmot, claim-file, and those of the reader.
    """
    ours, at = policy.repositories, pull_request.repository.lower()
    head = Commit(pull_request.repository, pull_request.head_sha)
    if at == ours.tfmot.lower():
        if tfmot:
            raise UserError("tfmot", "this pull request is TFMOT itself", hint="leave tfmot= out")
        models = _models(policy, techniques)
        commits = head, _newest(models, reader)
    elif at in {ours.models.lower(), ours.fork.lower()}:
        asked = Commit(ours.tfmot, reader.resolve(ours.tfmot, tfmot)) if tfmot else None
        commits = asked or _newest(ours.tfmot, reader), head
    else:
        raise UserError(
            "repository",
            f"{pull_request.repository} is not tested",
            hint="name it in the policy: repositories.tfmot, models or fork",
        )
    read_each = (_statement(head, policy.storage.claims, technique, reader) for technique in techniques)
    stated = tuple(one for one in read_each if one is not None)
    if commits[1] is head and (
        stated or proposals.may_state(pull_request.body)
    ):  # only these name code of their own
        commits = commits[0], replace(head, code=_code(head, reader))
    return Sources(*commits, stated, _UNREVIEWED.fullmatch(tfmot) is not None)


def _code(commit: Commit, reader: Reader) -> str:
    """Digest of the files, by path, that a training could read; empty where there are too many."""
    files = reader.tree(commit.repository, commit.sha)
    if not files:
        return ""
    kept = {path: blob for path, blob in files.items() if PurePosixPath(path).suffix != _DOCUMENTATION}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:32]


def _newest(repository: str, reader: Reader) -> Commit:
    """Of the default branch; a tag may be called as it is."""
    return Commit(repository, reader.resolve(repository, f"refs/heads/{reader.default_branch(repository)}"))


def _models(policy: Policy, techniques: Sequence[str]) -> str:
    """Official Models, or its fork where all the techniques live there."""
    homes = {policy.technique(technique).home for technique in techniques}
    return policy.repositories.fork if homes == {"fork"} else policy.repositories.models


def _statement(head: Commit, folder: str, technique: str, reader: Reader) -> Statement | None:
    path = str(PurePosixPath(folder) / f"{technique}.toml")
    content = reader.read_file(head.repository, path, head.sha)
    if content is None:
        return None
    try:
        return Statement(technique, content.decode("utf-8"), path)
    except UnicodeDecodeError as error:
        raise UserError("claim-file", "is not UTF-8", where=path) from error
