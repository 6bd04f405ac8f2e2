"""What people would see of a sandbox's GitHub, without ids and times: equal worlds, equal fingerprints.

It is plain text by what is looked at, so that a test which compares two of them shows where they differ. Ids,
commits, requests and times hang on how often somebody called, which nobody sees: commits are called by what
they say, other ids by the order in which they first appear.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from release_tools import shell
from release_tools.sandbox import git as sandbox_git
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.world import World
from release_tools.wheel import wheelfile

HISTORY = 30  # of a branch, the newest commits that are shown one by one
LARGEST = 200_000  # bytes of a file that is shown as text
_IDS = re.compile(
    r"(?P<time>\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d| UTC)?)"
    r"|(?P<hex>\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{7,16}\b)"
    r"|(?<=runs/)(?P<run>\d+)"
    r"|(?P<reply>(?<=reply-)\d+|(?<=issuecomment-)\d+|(?<=pullrequestreview-)\d+|(?<=discussion_r)\d+)"
    r"|(?P<number>\b\d{4,}\b)"
)
_KNOWN_LENGTHS = {12, 16, 32, 40, 64}  # of hexadecimal words that are never just words


def fingerprint(world: World, index: Path | None = None) -> Mapping[str, str]:
    """What is on GitHub, by what it is: `tensorflow/models branch master`, `tensorflow/models #3` …

    Args:
      index: the folder of a package index that belongs to the world.
    """
    seen = _Seen(dict(_commits(world)), dict(_numbers(world)))
    found = {}
    for repository in sorted(world.repositories(), key=lambda one: one.full_name):
        found[f"{repository.full_name} settings"] = "\n".join(_settings(repository, world))
        for what, lines in _repository(repository, seen):
            found[f"{repository.full_name} {what}"] = seen.plain("\n".join(lines))
    if index is not None:
        found |= {f"index {name}": said for name, said in _uploads(index)}
    return found


@dataclass
class _Seen:
    """What ids are called.

    Attributes:
      commits: how each is called, by its SHA.
      numbers: what the numbers of comments, runs and checks are.
    """

    commits: Mapping[str, str]
    numbers: Mapping[str, str]
    others: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._short = {sha[:7]: sha for sha in self.commits}

    def plain(self, text: str) -> str:
        """A text without what nobody sees."""
        return _IDS.sub(self._called, text)

    def commit(self, sha: str | None) -> str:
        return self.commits.get(sha or "", "a commit on no branch") if sha else "none"

    def _called(self, found: re.Match[str]) -> str:
        kind, word = str(found.lastgroup), found[0]
        if kind == "time":
            return "TIME"
        if kind in {"run", "reply", "number"}:
            return self.numbers.get(word, word)
        return self._commit(word) or (self._other(word) if len(word) in _KNOWN_LENGTHS else word)

    def _commit(self, word: str) -> str:
        if len(word) > 40 or word.isdigit():
            return ""
        sha = self._short.get(word[:7], "")
        return self.commits[sha] if sha.startswith(word) and sha else ""

    def _other(self, word: str) -> str:
        number = sum(len(other) == len(word) for other in self.others) + 1
        return self.others.setdefault(word, f"({len(word)} digits, {number})")


def _commits(world: World) -> Iterator[tuple[str, str]]:
    """How every commit that a ref leads to is called: by its first line, and which of that line it is."""
    known: set[str] = set()
    times: dict[str, int] = {}
    for repository in world.repositories():
        for sha, subject in _history(repository.git.folder):
            if sha not in known:
                known.add(sha)
                plain = re.sub(r"\b[0-9a-f]{7,40}\b|\b\d{4,}\b", "…", subject)
                times[plain] = times.get(plain, 0) + 1
                yield sha, f"«{plain}»" + (f" {times[plain]}" if times[plain] > 1 else "")


def _history(folder: Path) -> list[tuple[str, str]]:
    words = ["log", "--all", "--reverse", "--topo-order", "--format=%H%x00%s"]
    done = shell.run(["git", "-C", folder, *words], env=sandbox_git.environment(), check=False)
    pairs = (line.partition("\0") for line in done.out.splitlines())
    return [(sha, subject) for sha, _, subject in pairs]


def _numbers(world: World) -> Iterator[tuple[str, str]]:
    """What an id is of, for what texts link to."""
    for repository in world.repositories():
        for issue in repository.issues.values():
            at = f"#{issue.number}"
            yield from ((str(c.id), f"comment {n} of {at}") for n, c in enumerate(issue.comments, 1))
            if issue.pull:
                yield from ((str(r.id), f"review {n} of {at}") for n, r in enumerate(issue.pull.reviews, 1))
                said = enumerate(issue.pull.comments, 1)
                yield from ((str(c.id), f"remark {n} of {at}") for n, c in said)
        for run in repository.runs.values():
            yield str(run.id), f"run {run.number} of {run.path}"
        for check in repository.checks.values():
            yield str(check.id), f"check {check.name}"
        for release in repository.releases.values():
            yield str(release.id), f"release {release.tag_name}"


Lines = Iterator[tuple[str, list[str]]]


def _repository(repository: Repository, seen: _Seen) -> Lines:
    for issue in sorted(repository.issues.values(), key=lambda one: one.number):
        yield f"#{issue.number}", list(_issue(issue, seen))
    yield from _checks(repository, seen)
    for ref, sha in repository.git.refs("refs/heads/").items():
        yield f"branch {ref.removeprefix('refs/heads/')}", list(_branch(repository, sha, seen))
    for ref, sha in repository.git.refs("refs/tags/").items():
        yield f"tag {ref.removeprefix('refs/tags/')}", list(_tag(repository, sha, seen))
    for release in sorted(repository.releases.values(), key=lambda one: (one.tag_name, one.id)):
        yield f"release {release.tag_name}", list(_release(release, seen))
    runs = [f"{run.path} #{run.number} by {run.actor.login} on {run.event} of {run.head_branch}: {run.title}"
            f" {run.status} {run.conclusion} {[artifact.name for artifact in run.artifacts]}"
            for run in repository.runs.values()]  # fmt: skip
    yield "runs", runs
    asked = [f"{one.workflow or 'the repository'} of {one.ref} by {one.by.login}: {_sorted(one.inputs)}"
             for one in repository.dispatches]  # fmt: skip
    yield "dispatches", asked


def _settings(repository: Repository, world: World) -> Iterator[str]:
    parent = repository.parent.full_name if repository.parent else "nothing"
    yield f"{repository.default_branch}, a fork of {parent}: {repository.description}"
    yield f"private {repository.private}"
    set_ = repository.settings
    yield from sorted(f"label {one.name} {one.color} {one.description}" for one in repository.labels.values())
    yield from sorted(f"team {team.slug} {permission}" for team, permission in repository.teams.values())
    people = ((world.account_of(who), permission) for who, permission in repository.collaborators.items())
    yield from sorted(f"account {who.login} {permission}" for who, permission in people if who)
    yield from sorted(f"ruleset {one.name} {_sorted(one.said)}" for one in set_.rulesets.values())
    yield from (f"environment {name} {len(who)}" for name, who in sorted(set_.environments.items()))
    yield f"workflows write {set_.workflows_write}, approve {set_.workflows_approve}"


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list | tuple) else value


def _issue(issue: Issue, seen: _Seen) -> Iterator[str]:
    yield f"{issue.title} — {issue.user.login}, {issue.state} ({issue.state_reason})"
    yield f"labels {sorted(one.name for one in issue.labels)}"
    yield from _said("body", issue.user.login, issue.body, issue.reactions)
    for comment in issue.comments:
        yield from _said("comment", comment.user.login, comment.body, comment.reactions)
    pull = issue.pull
    if not pull:
        return
    merged = (
        f"merged by {pull.merged_by.login} as {seen.commit(pull.merge_commit_sha)}"
        if pull.merged_by
        else "open"
    )
    head = f"{pull.head_owner.login}:{pull.head_ref} at {seen.commit(pull.head_sha)}"
    yield f"{head} → {pull.base_ref}, {merged}"
    yield f"draft {pull.draft}"
    for review in pull.reviews:
        at = seen.commit(review.commit_id)
        yield f"review {review.state} by {review.user.login} of {at}: {review.body}"
    for one in pull.comments:
        yield from _said(f"remark {one.path}:{one.line}", one.user.login, one.body, one.reactions)


def _said(what: str, login: str, body: str | None, reactions: list[Any]) -> Iterator[str]:
    given = sorted(f"{one.content} of {one.user.login}" for one in reactions)
    yield f"{what} by {login} {given}:"
    yield from (f"  {line}" for line in (body or "").splitlines())


def _checks(repository: Repository, seen: _Seen) -> Lines:
    """Check runs and statuses by commit; of those that say the same there may be several, and it shows."""
    found: dict[str, list[str]] = {}
    for check in repository.checks.values():
        said = (check.output.get(key) for key in ("title", "summary", "text"))
        found.setdefault(seen.commit(check.sha), []).append(
            f"{check.name} by {check.app.login} for {check.external_id}: {check.status} {check.conclusion}"
            f" → {check.details_url}; {'; '.join(str(one) for one in said)}"
        )
    for status in repository.statuses:
        found.setdefault(seen.commit(status.sha), []).append(
            f"status {status.context} by {status.creator.login}: {status.state} {status.description}"
        )
    yield from ((f"checks on {commit}", sorted(found[commit], key=seen.plain)) for commit in sorted(found))


def _branch(repository: Repository, tip: str, seen: _Seen) -> Iterator[str]:
    folder = repository.git.folder
    done = shell.run(
        ["git", "-C", folder, "log", f"-{HISTORY}", "--format=%H%x00%an%x00%cn%x00%P%x00%B%x1e", tip],
        env=sandbox_git.environment(),
    )
    for record in filter(None, (one.strip("\n") for one in done.out.split("\x1e"))):
        sha, author, committer, parents, message = record.split("\0")
        after = [seen.commit(one) for one in parents.split()]
        yield f"commit {seen.commit(sha)} by {author} ({committer}) after {after}: {message.strip()}"
    files = sorted((seen.plain(path), mode, blob) for path, mode, blob in _files(folder, tip))
    contents = _contents(folder, frozenset(blob for _, _, blob in files))
    for path, mode, blob in files:
        yield f"file {path} {mode} {_shown(contents.get(blob), seen.plain)}"


def _files(folder: Path, tip: str) -> Iterator[tuple[str, str, str]]:
    for entry in sandbox_git.Git(folder).tree(tip, recursive=True):
        if entry.kind == "blob":
            yield entry.path, entry.mode, entry.sha


@functools.lru_cache(maxsize=256)
def _contents(folder: Path, blobs: frozenset[str]) -> Mapping[str, bytes]:
    """The contents of files, with one process for all."""
    words = ["git", "-C", folder, "cat-file", "--batch"]
    asked = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    out = shell.run_bytes(words, stdin=asked, env=sandbox_git.environment()).out
    found, at = {}, 0
    while at < len(out):
        end = out.index(b"\n", at)
        sha, _, size = out[at:end].decode().split()
        found[sha] = out[end + 1 : end + 1 + int(size)]
        at = end + int(size) + 2
    return found


def _shown(content: bytes | None, plain: Callable[[str], str]) -> str:
    """The digest of what a file says, without ids; and its first line, for people."""
    if content is None:
        return "missing"
    if len(content) > LARGEST or b"\0" in content:
        return f"{len(content)} bytes {_digest(content)}"
    text = plain(content.decode(errors="replace"))
    return f"{_digest(text.encode())} {text.partition(chr(10))[0][:80]}"


def _digest(content: bytes) -> str:
    """Of content, in letters that no id is made of."""
    number = int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
    return "".join("ghijklmnopqrstuv"[number >> 4 * place & 15] for place in range(12))


def _tag(repository: Repository, sha: str, seen: _Seen) -> Iterator[str]:
    git = repository.git
    if git.kind(sha) == "commit":
        yield seen.commit(sha)
        return
    said = shell.run(["git", "-C", git.folder, "cat-file", "tag", sha], env=sandbox_git.environment()).out
    yield seen.commit(git.resolve(sha))
    yield said.partition("\n\n")[2]


def _release(release: Any, seen: _Seen) -> Iterator[str]:
    yield f"{release.name} by {release.author.login} of {release.target}"
    yield f"draft {release.draft}, prerelease {release.prerelease}"
    yield from (release.body or "").splitlines()
    for one in sorted(release.assets, key=lambda one: one.name):
        yield f"asset {one.name} {one.label} {one.content_type} {_shown(one.content, seen.plain)}"


def _uploads(folder: Path) -> Iterator[tuple[str, str]]:
    """What was uploaded: the content of wheels, since their files hang on when they were built."""
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        whole = path.read_bytes()
        yield name, wheelfile.read(path).content_digest if path.suffix == ".whl" else _digest(whole)
