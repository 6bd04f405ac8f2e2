"""TFMOT's repository in the local cache: what a commit holds, and the release commit, made only there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from convergence.errors import UserError
from release_tools import shell
from release_tools.release import changes, versions
from release_tools.release.changes import Change
from release_tools.release.nouns import PlannedFile
from release_tools.wheel import source

AUTHOR, EMAIL = "TFMOT release", "release-tools@users.noreply.github.com"


@dataclass(frozen=True)
class Made:
    """A commit that exists in the cache only."""

    sha: str
    tree: str
    diff: str


def text(commit: source.Commit, path: str, sha: str = "") -> str | None:
    """A file at a commit; None where there is none.

    Raises:
      UserError: not-text.
    """
    name = f"{sha or commit.sha}:{path}"
    done = shell.run_bytes(["git", f"--git-dir={commit.repository}", "cat-file", "blob", name], env=_plain())
    if done.status:
        return None
    try:
        return done.out.decode()
    except UnicodeDecodeError as error:
        raise UserError("not-text", f"{path} is no UTF-8", where=commit.source) from error


def blobs(commit: source.Commit, sha: str, paths: Sequence[str]) -> Mapping[str, str]:
    """Git's names of files' contents at a commit."""
    listed = _git(commit.repository, "ls-tree", "-r", "-z", sha, "--", *paths).out
    entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
    return {path: head.split()[2] for head, _, path in entries}


def mode(commit: source.Commit, path: str) -> str:
    """Git's mode of a file."""
    return _git(commit.repository, "ls-tree", commit.sha, "--", path).out.partition(" ")[0] or "100644"


def last_release(commit: source.Commit, below: Version) -> str:
    """The newest release before a version, by its tag; candidates count for candidates only."""
    names = _git(commit.repository, "tag", "--merged", commit.sha).out.split()
    found = [(version, name) for name in names if (version := versions.of_tag(name)) and version < below]
    wanted = [
        one for one in found if not one[0].is_devrelease and (below.is_prerelease or not one[0].is_prerelease)
    ]
    return max(wanted)[1] if wanted else ""


def newest(commit: source.Commit) -> Version | None:
    """The highest version that a tag which leads to the commit names; none of development."""
    names = _git(commit.repository, "tag", "--merged", commit.sha).out.split()
    found = [version for name in names if (version := versions.of_tag(name))]
    return max((one for one in found if not one.is_devrelease), default=None)


def tags(commit: source.Commit) -> Mapping[str, str]:
    """Every tag with the commit that it names."""
    form = "--format=%(refname:lstrip=2) %(objectname) %(*objectname)"
    lines = _git(commit.repository, "for-each-ref", form, "refs/tags").out.splitlines()
    return {name: (peeled or sha) for name, sha, peeled in ((f"{line} ".split(" ")[:3]) for line in lines)}


def changed(commit: source.Commit, since: str, is_bot: Callable[[str], bool]) -> tuple[Change, ...]:
    """What has changed since a tag, newest first."""
    span = f"refs/tags/{since}..{commit.sha}" if since else commit.sha
    words = ("log", "--no-merges", "--name-only", f"--format={changes.FORMAT}", span)
    return changes.parse(_git(commit.repository, *words).out, is_bot)


def after(commit: source.Commit, base: str) -> tuple[str, ...]:
    """The commits that the branch has got since `base`, oldest first, along its own line.

    Raises:
      UserError: rewritten, where the branch does not lead to `base` any more.
    """
    if _git(commit.repository, "merge-base", "--is-ancestor", base, commit.sha, check=False).status:
        raise UserError(
            "rewritten",
            f"{base[:12]} is not on the branch, or not any more",
            where=commit.source,
            hint="release what has landed: plan anew from there",
        )
    words = ("rev-list", "--first-parent", "--reverse", f"{base}..{commit.sha}")
    return tuple(_git(commit.repository, *words).out.split())


def make(commit: source.Commit, files: Sequence[PlannedFile], message: str) -> Made:
    """The release commit on a commit, in the cache; the same input makes the same commit."""
    here = commit.repository
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch, "index"))}
        _git(here, "read-tree", commit.sha, more=index)
        for file in files:
            blob = _git(here, "hash-object", "-w", "--stdin", stdin=file.content).out.strip()
            entry = f"{file.mode},{blob},{file.path}"
            _git(here, "update-index", "--add", "--cacheinfo", entry, more=index)
        tree = _git(here, "write-tree", more=index).out.strip()
    who = {"NAME": AUTHOR, "EMAIL": EMAIL, "DATE": f"{commit.time} +0000"}
    person = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    words = ("commit-tree", tree, "-p", commit.sha)
    sha = _git(here, *words, stdin=message, more=person).out.strip()
    return Made(sha, tree, _git(here, "diff", "--no-ext-diff", "--no-color", commit.sha, sha).out)


def _git(
    repository: Path, *words: str, check: bool = True, stdin: str = "", more: Mapping[str, str] | None = None
) -> shell.Finished:
    command = ["git", f"--git-dir={repository}", "-c", "gc.autoDetach=false", *words]
    return shell.run(command, env=_plain() | dict(more or {}), check=check, stdin=stdin)


def _plain() -> dict[str, str]:
    """Without any configuration of the person who runs it."""
    return shell.environment() | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
