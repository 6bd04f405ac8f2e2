"""Whether a pull request's content is on the default branch, by the marks in git's log or by its files.

Of TFMOT's pull requests most are closed, not merged: copybara lands them as commits of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from release_tools.approvals import words
from release_tools.approvals.facts import Landing, Unknown
from release_tools.approvals.patches import Changed
from release_tools.model import PullRequest

COPYBARA = re.compile(
    r"COPYBARA_INTEGRATE_REVIEW=https?://[^/\s]+/([^/\s]+/[^/\s]+)/pull/([0-9]{1,9})"
    r" from \S+ ([0-9a-f]{40})\b"
)
MERGE = re.compile(r"\AMerge pull request #([0-9]{1,9}) from ([^:/\s]+)[:/](\S+)")


@dataclass(frozen=True)
class Logged:
    """A commit of the default branch."""

    sha: str
    message: str
    url: str = ""


def find(
    pull: PullRequest,
    log: Iterable[Logged],
    changed: Sequence[Changed] | None,
    tree: Mapping[str, str] | None,
) -> Landing | Unknown | None:
    """How it landed; a mark that names another commit than the head cannot tell whether this one did.

    Args:
      changed: what the head changes; `tree` are the blobs of the default branch. None of either: not known.
    """
    if pull.merged:
        return Landing(words.MERGED, pull.head_sha, pull.url)
    for commit in log:
        landed = _marked(pull, commit)
        if landed is not None:
            return landed
    if changed is None or tree is None:
        return Unknown(words.FILES_UNKNOWN)
    if changed and all(_is_there(one, tree) for one in changed):
        return Landing(words.same_files(pull.base_ref), pull.head_sha)
    return None


def _marked(pull: PullRequest, commit: Logged) -> Landing | Unknown | None:
    for name, number, sha in COPYBARA.findall(commit.message):
        if (name.lower(), int(number)) == (pull.repository.lower(), pull.number):
            if sha != pull.head_sha:
                return Unknown(words.other_landed(sha))
            return Landing(words.COPYBARA, commit.sha, commit.url)
    merge = MERGE.match(commit.message)
    owner = pull.head_repository.partition("/")[0].lower()
    if merge and (int(merge[1]), merge[2].lower(), merge[3]) == (pull.number, owner, pull.head_ref):
        return Landing(words.MERGE_COMMIT, commit.sha, commit.url)
    return None


def _is_there(one: Changed, tree: Mapping[str, str]) -> bool:
    return one.path not in tree if one.status == "removed" else tree.get(one.path) == one.blob
