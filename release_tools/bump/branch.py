"""One commit on a branch of a local clone, made beside the checkout, which stays as it is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from convergence.errors import UserError
from release_tools import shell
from release_tools.bump import Change
from release_tools.bump.report import Proposal

NO_PROGRAMS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")


@dataclass(frozen=True)
class Committed:
    """A commit on a branch; `made` is whether it was not there before."""

    branch: str
    sha: str
    made: bool


def commit(changes: Sequence[Change], proposal: Proposal) -> Committed:
    """Have exactly one commit with the changes on the proposal's branch, on top of what is checked out.

    Raises:
      UserError: `not-a-clone`, `uncommitted`, `branch-checked-out`, `branch-not-ours`.
    """
    clone = _Clone(changes[0].target.parent)
    ref, old = f"refs/heads/{proposal.branch}", clone.sha(f"refs/heads/{proposal.branch}")
    tree = clone.tree(changes)
    if old and clone.say("rev-parse", f"{old}^{{tree}}") == tree and clone.sha(f"{old}^") == clone.head:
        return Committed(proposal.branch, old, made=False)
    if clone.say("rev-parse", "--symbolic-full-name", "HEAD") == ref:
        raise UserError("branch-checked-out", f"{proposal.branch} is checked out", hint="check out its base")
    clone.require_ours(old, proposal)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as message:
        message.write(f"{proposal.title}\n\n{proposal.body}")
        message.flush()
        sha = clone.say("commit-tree", tree, "-p", clone.head, "-F", message.name)
    clone.say("update-ref", ref, sha, old or "0" * len(sha))
    return Committed(proposal.branch, sha, made=True)


class _Clone:
    """A clone, by any folder in it.

    Raises:
      UserError: `not-a-clone`.
    """

    def __init__(self, folder: Path) -> None:
        self.top = folder
        found = self._run("rev-parse", "--show-toplevel", check=False)
        self.top = Path(found.out.strip())
        self.head = self.sha("HEAD") if not found.status else ""
        if not self.head:
            raise UserError("not-a-clone", "there is no commit to go on from", where=str(folder))

    def sha(self, name: str) -> str:
        """The commit or object that a name stands for; empty if there is none."""
        found = self._run("rev-parse", "--verify", "--quiet", name, check=False)
        return "" if found.status else found.out.strip()

    def say(self, *words: str | Path, env: Mapping[str, str] | None = None) -> str:
        return self._run(*words, env=env).out.strip()

    def tree(self, changes: Sequence[Change]) -> str:
        """The tree of what is checked out, with the changes."""
        with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
            index = {"GIT_INDEX_FILE": str(Path(scratch, "index"))}
            self.say("read-tree", self.head, env=index)
            for change in changes:
                path = self._path(change)
                mode = self.say("ls-tree", self.head, "--", path).split()[0]
                Path(scratch, "content").write_bytes(change.after)
                blob = self.say("hash-object", "-w", f"--path={path}", Path(scratch, "content"))
                self.say("update-index", "--cacheinfo", f"{mode},{blob},{path}", env=index)
            return self.say("write-tree", env=index)

    def require_ours(self, tip: str, proposal: Proposal) -> None:
        """Raise a UserError if a branch has commits that we did not make."""
        subjects = self.say("log", "--format=%s", f"{self.head}..{tip}").splitlines() if tip else []
        if any(subject != proposal.title for subject in subjects) or len(subjects) > 1:
            what = f"{proposal.branch} has somebody else's commits"
            raise UserError("branch-not-ours", what, hint="they are left alone; merge or delete the branch")

    def _path(self, change: Change) -> str:
        """The path in the tree of a file that is as it was committed."""
        if not change.target.is_relative_to(self.top):
            raise UserError("not-a-clone", "a file is outside the clone", where=str(change.path))
        path = change.target.relative_to(self.top).as_posix()
        committed = self.sha(f"{self.head}:{path}")
        if committed != self.say("hash-object", f"--path={path}", change.target):
            raise UserError(
                "uncommitted", "a file has changes that are not committed", where=str(change.path)
            )
        return path

    def _run(
        self, *words: str | Path, check: bool = True, env: Mapping[str, str] | None = None
    ) -> shell.Finished:
        ours = shell.environment(
            "HOME", "XDG_CONFIG_HOME", prefixes=("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_")
        )
        command = ["git", *NO_PROGRAMS, "-C", self.top, *words]
        return shell.run(command, env={**ours, "LC_ALL": "C", **(env or {})}, check=check)
