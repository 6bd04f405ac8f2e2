"""Keeps a fork at its upstream, our commits on top: made in a clone of its own, pushed whole or not."""

from __future__ import annotations

import enum
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from convergence.errors import UserError
from convergence.model import STRICT
from release_tools import shell
from release_tools.bump import checkout
from release_tools.bump.branch import NO_PROGRAMS
from release_tools.installation import BRANCH

MARK = "mot/upstream"  # branch of the fork: its upstream as it was when it was last synced
OURS, THEIRS, MARKED = "refs/sync/fork", "refs/sync/upstream", f"refs/sync/{MARK}"
MOVED = re.compile(r"stale info|fetch first|non-fast-forward|cannot lock ref|atomic transaction failed")
LONGEST = 3600.0  # seconds of a git command: Official Models is large
FIELDS = "%H%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s"


class State(enum.Enum):
    """What came of it."""

    AS_BEFORE = "as before"
    SYNCED = "synced"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Commit:
    """A commit of ours, by id and first line."""

    __pydantic_config__: ClassVar = STRICT

    sha: str
    subject: str


@dataclass(frozen=True)
class Conflict:
    """A commit of ours that does not go onto the upstream: the files, or for a merge done by hand none."""

    __pydantic_config__: ClassVar = STRICT

    commit: Commit
    files: tuple[str, ...]


@dataclass(frozen=True)
class Sync:
    """What came of it, and what moved.

    Attributes:
      base: the upstream's commit that ours were on; `upstream` is the one that they are on now.
      before: the fork's branch, `after` where it is now; the same where it stays.
      kept: ours that are on top; `landed` are in the upstream by now.
      rewritten: whether the upstream took back commits that the fork had.
    """

    __pydantic_config__: ClassVar = STRICT

    state: State
    branch: str
    base: str
    upstream: str
    before: str
    after: str
    kept: tuple[Commit, ...] = ()
    landed: tuple[Commit, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    rewritten: bool = False


@dataclass(frozen=True)
class Remote:
    """A branch of a repository, by the address that git has; the token goes there only."""

    address: str
    branch: str
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not BRANCH.fullmatch(self.branch):
            raise UserError("usage", f"{self.branch!r} is no branch", hint="name the branch")

    @property
    def environment(self) -> dict[str, str]:
        """What git needs to get there."""
        return checkout.environment(self.address, self.token)


@dataclass(frozen=True)
class _Written:
    """A commit with all that stays when it is made anew on another."""

    commit: Commit
    parents: tuple[str, ...]
    author: tuple[str, str, str]
    committer: tuple[str, str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The same committer at the same time: whoever syncs makes the same commits."""
        name, mail, when = self.committer
        return {
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": mail,
            "GIT_COMMITTER_DATE": f"@{when} +0000",
        }


def run(fork: Remote, upstream: Remote, *, dry_run: bool = False) -> Sync:
    """Have the fork's branch be the upstream's with our commits on top.

    Raises:
      UserError: moved-meanwhile, where somebody pushed while this ran: nothing of it is lost; unrelated;
        push-refused; and those of fetching.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-") as name:
        clone = _Clone(Path(name).resolve() / "clone")
        clone.fetch(fork, upstream)
        found = _decide(clone, fork.branch)
        is_marked = clone.sha(MARKED) == found.upstream
        if dry_run or found.state is State.CONFLICT or (found.state is State.AS_BEFORE and is_marked):
            return found
        clone.push(fork, found)
        return found


def _decide(clone: _Clone, branch: str) -> Sync:
    ours, theirs = clone.sha(OURS), clone.sha(THEIRS)
    base = _base(clone, ours, theirs)
    rewritten = not clone.is_ancestor(base, theirs)
    commits = list(clone.commits(ours, base, theirs))
    plain = [one for one in commits if len(one.parents) < 2]
    kept = tuple(one.commit for one in plain)
    if clone.is_ancestor(theirs, ours) and not rewritten:
        return Sync(State.AS_BEFORE, branch, base, theirs, ours, ours, kept)
    by_hand = [one for one in commits if len(one.parents) > 1 and not clone.is_automatic(one)]
    conflicts = [Conflict(one.commit, ()) for one in by_hand]
    landed = []
    clone.start(theirs)
    for one in plain:
        picked = clone.pick(one)
        if picked is None:
            landed.append(one.commit)
        elif picked:
            conflicts.append(Conflict(one.commit, picked))
    kept = tuple(one for one in kept if one not in landed)
    if conflicts:
        return Sync(State.CONFLICT, branch, base, theirs, ours, ours, kept, (), tuple(conflicts), rewritten)
    after = clone.sha("HEAD")
    return Sync(State.SYNCED, branch, base, theirs, ours, after, kept, tuple(landed), (), rewritten)


def _base(clone: _Clone, ours: str, theirs: str) -> str:
    """The upstream's commit below ours: as it is marked, for the upstream may have taken it back since."""
    marked = clone.sha(MARKED)
    if marked and clone.is_ancestor(marked, ours):
        return marked
    base = clone.say("merge-base", ours, theirs, check=False)
    if not base:
        raise UserError(
            "unrelated", "the fork and its upstream have no commit in common", hint="name its upstream"
        )
    return base.split()[0]


def _refusal(done: shell.Finished) -> str:
    """What the server said, or else git."""
    said = [line for line in done.err.splitlines() if line.startswith("remote: ")]
    return " ".join(line.removeprefix("remote: ").strip() for line in said)[:500] or done.tail(3)


class _Clone:
    """A repository of git's in an empty folder, which is thrown away afterwards."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.env = checkout.environment("", "") | {"GIT_AUTHOR_NAME": "-", "GIT_AUTHOR_EMAIL": "-"}
        self.say("init", "--quiet", "--template=", ".")
        checkout.keep_bytes(folder)

    def fetch(self, fork: Remote, upstream: Remote) -> None:
        """Both branches, with all of their past, and the mark."""
        for remote, specs in (
            (upstream, (f"+refs/heads/{upstream.branch}:{THEIRS}",)),
            (fork, (f"+refs/heads/{fork.branch}:{OURS}", "+refs/heads/mot/*:refs/sync/mot/*")),
        ):
            words = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", remote.address, *specs]
            checkout.fetch_with(self.folder, remote.environment, remote.address, words, specs[0], LONGEST)

    def sha(self, name: str) -> str:
        """The commit of that name; empty where there is none."""
        return self.say("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False)

    def is_ancestor(self, one: str, other: str) -> bool:
        """Whether one is in the other's past, or the same."""
        return self.git("merge-base", "--is-ancestor", one, other, check=False).status == 0

    def commits(self, ours: str, base: str, theirs: str) -> Iterator[_Written]:
        """Ours, oldest first: what neither the base nor the upstream has."""
        said = self.say(
            "log", "--reverse", "--topo-order", "-z", f"--format={FIELDS}%x00", ours, f"^{base}", f"^{theirs}"
        )
        words = said.split("\0")
        for start in range(0, len(words) - 9, 10):
            sha, parents, an, ae, at, cn, ce, ct, subject = words[start : start + 9]
            made = Commit(sha.strip(), subject)
            yield _Written(made, tuple(parents.split()), (an, ae, at), (cn, ce, ct))

    def is_automatic(self, merge: _Written) -> bool:
        """Whether a merge holds nothing but what it merges, so that nothing is lost without it."""
        if len(merge.parents) != 2:
            return False
        made = self.git("merge-tree", "--write-tree", *merge.parents, check=False)
        return not made.status and made.out.split()[0] == self.say(
            "rev-parse", f"{merge.commit.sha}^{{tree}}"
        )

    def start(self, sha: str) -> None:
        """Has the files of a commit, to put others on it."""
        self.say("checkout", "--quiet", "--detach", sha)

    def pick(self, one: _Written) -> tuple[str, ...] | None:
        """Puts a commit on top: nothing where that went well, files that conflict, None if all is there."""
        words = ("cherry-pick", "--allow-empty", "--no-gpg-sign", one.commit.sha)
        done = self.git(*words, check=False, env=one.environment)
        if not done.status:
            return ()
        if self.git("rev-parse", "--quiet", "--verify", "CHERRY_PICK_HEAD", check=False).status:
            raise UserError("command-failed", f"git cannot pick {one.commit.sha[:12]}", where=done.tail())
        files = self.say("diff", "--name-only", "--diff-filter=U", "-z").split("\0")
        changed = self.say("status", "--porcelain", "--untracked-files=no")
        self.say("reset", "--hard", "--quiet")
        found = tuple(sorted({name for name in files if name}))
        if found or changed:
            return found or (changed.splitlines()[0],)
        return None

    def push(self, fork: Remote, found: Sync) -> None:
        """Moves branch and mark together, if both are still where they were."""
        marked = self.sha(MARKED)
        leases = {fork.branch: found.before, MARK: marked}
        words = [f"--force-with-lease=refs/heads/{name}:{sha}" for name, sha in leases.items()]
        specs = [f"{found.after}:refs/heads/{fork.branch}", f"{found.upstream}:refs/heads/{MARK}"]
        command = ["push", "--quiet", "--atomic", "--no-verify", *words, fork.address, *specs]
        done = self.git(*command, check=False, env=fork.environment)
        if not done.status:
            return
        if MOVED.search(done.err):
            what = f"somebody pushed to {fork.branch} meanwhile; nothing was changed"
            raise UserError("moved-meanwhile", what, where=fork.address, hint="run it again")
        raise UserError(
            "push-refused",
            f"git cannot push: {_refusal(done)}",
            where=fork.address,
            hint="the token needs contents: write and workflows: write, and its owner a way past the ruleset",
        )

    def say(self, *words: str, check: bool = True) -> str:
        """What git says."""
        return self.git(*words, check=check).out.strip("\n")

    def git(self, *words: str, check: bool = True, env: Mapping[str, str] | None = None) -> shell.Finished:
        """Runs git there, with nobody's settings."""
        command: Iterable[str | Path] = ["git", *NO_PROGRAMS, "-C", self.folder, *words]
        return shell.run(list(command), env=self.env | dict(env or {}), check=check, timeout=LONGEST)
