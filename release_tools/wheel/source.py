"""A git URL or folder and a revision → one commit in a local bare cache, and its files as committed.

Nothing from a SOURCE is run, and none of its uncommitted changes are seen.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import os
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from convergence.errors import UserError
from release_tools import cache, shell

if TYPE_CHECKING:
    from collections.abc import Mapping

FULL_SHA = re.compile(r"[0-9a-f]{40}")
PULL = re.compile(r"pull/\d+/(head|merge)")
REMOTE = re.compile(r"(https?|ssh|git|file)://[^\s-][!-~]*|\w[\w.-]*@[A-Za-z0-9][\w.-]*:[!-~]+")
STRICT = {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
# Set while git runs a hook; they would lead our git astray.
OF_ANOTHER_REPOSITORY = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
}
# A folder's own configuration names programs that `git status` would run: hooks, and filters of contents.
NO_PROGRAMS = {"core.fsmonitor": "false", "core.hooksPath": os.devnull}
FILTERS = ("config", "-z", "--name-only", "--get-regexp", r"^filter\..*\.(clean|smudge|process|required)$")
OFFLINE = {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}  # status of a partial clone could fetch
# A tree's own .gitattributes may not change what is exported; these have the last word.
ATTRIBUTES = "* -export-ignore -export-subst -text -eol -ident -filter -working-tree-encoding\n"


@dataclass(frozen=True)
class Commit:
    """One commit of a source, present in a bare repository on this machine.

    Attributes:
      source: URL or absolute path, without credentials.
      ref: what was asked for.
      tag: a tag that names exactly this commit, if there is one.
      time: of the commit, in seconds since 1970.
    """

    source: str
    ref: str
    sha: str
    tree: str
    tag: str | None
    time: int
    repository: Path


def find(source: str, ref: str = "HEAD") -> Commit:
    """Fetch `source` and find the commit that `ref` names in it.

    Args:
      ref: branch, tag, full or abbreviated commit id, `HEAD~2`, `refs/pull/7/head`.

    Raises:
      UserError: `bad-source`, `unknown-ref`, `missing-program`.
    """
    address = _address(source)
    ref = f"refs/{ref}" if PULL.fullmatch(ref) else ref
    if not ref.isprintable() or not ref:
        raise UserError("unknown-ref", f"no revision {ref!r}")
    public = without_credentials(address)
    repository = cache.root() / "git" / f"{hashlib.sha256(public.encode()).hexdigest()[:16]}.git"
    with cache.locked(repository):
        try:
            return _found(repository, address, public, ref)
        except (UserError, OSError):
            if not _is_damaged(repository):
                raise
        cache.remove(repository)
        return _found(repository, address, public, ref)


def export(commit: Commit, folder: Path) -> None:
    """Write the files of a commit to `folder`, which must not exist yet."""
    archive = folder.with_name(f"{folder.name}.tar")
    _git(commit.repository, "archive", "--format=tar", f"--output={archive}", commit.sha)
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.FilterError as error:
        raise UserError("bad-source", f"unsafe file in the commit: {error}", where=_place(commit)) from error
    except (tarfile.TarError, OSError) as error:
        what = f"the commit has no files, or they cannot be unpacked: {error}"
        raise UserError("bad-source", what, where=_place(commit)) from error
    finally:
        archive.unlink(missing_ok=True)


def without_credentials(address: str) -> str:
    """An address as it may be shown: no user, password, query or fragment."""
    if "://" not in address:
        return address
    try:
        parts = urlsplit(address)
    except ValueError:  # "http://[", say
        return f"{address.partition(':')[0]}://(unreadable)"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def uncommitted(source: str) -> int:
    """How many files of a local work tree differ from its last commit, and so are not built."""
    if not Path(source).is_dir():
        return 0
    git = ("git", "--no-optional-locks", "-C", source)
    names = shell.run([*git, *FILTERS], env=_environment(), check=False).out.split("\0")
    environment = _environment() | _settings(NO_PROGRAMS | {n: _unset(n) for n in names if n}) | OFFLINE
    words = ("status", "--porcelain", "--ignore-submodules=all")
    status = shell.run([*git, *words], env=environment, check=False)
    return len(status.out.splitlines()) if status.status == 0 else 0


def _unset(name: str) -> str:
    """The value with which a setting of a filter runs nothing."""
    return "false" if name.endswith(".required") else ""


def _settings(values: Mapping[str, str]) -> dict[str, str]:
    """Variables that set git's configuration over all files; unlike `-c`, for names with any character."""
    found = {"GIT_CONFIG_COUNT": str(len(values))}
    for number, (name, value) in enumerate(values.items()):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _address(source: str) -> str:
    """A source as git shall see it: an absolute path or a URL, so never an option or a helper (`ext::`)."""
    with contextlib.suppress(OSError, ValueError):
        if source and Path(source).exists():
            return str(Path(source).resolve())
    if REMOTE.fullmatch(source):
        return source
    hint = "give a folder or a URL, as in https://github.com/tensorflow/model-optimization"
    raise UserError("bad-source", f"no git repository {without_credentials(source)!r}", hint=hint)


def _found(repository: Path, address: str, public: str, ref: str) -> Commit:
    _prepare(repository)
    sha = _fetched(repository, address, public, ref)
    tree, time = _git(repository, "show", "-s", "--format=%T %ct", sha).out.split()
    return Commit(public, ref, sha, tree, _tag(repository, sha, ref), int(time), repository)


def _is_damaged(repository: Path) -> bool:
    """Whether a repository of the cache, whose lock we hold, is itself to blame for a failure."""
    if any(repository.rglob("*.lock")):  # git's own, left by one that was killed
        return True
    return _git(repository, "fsck", "--no-dangling", "--no-progress", check=False).status != 0


def _prepare(repository: Path) -> None:
    """An empty bare repository, unless it is there; one cut short by a shallow source is begun anew."""
    if (repository / "shallow").exists():
        shutil.rmtree(repository)
    shell.run(["git", "init", "--bare", "--quiet", repository], env=_environment())
    (repository / "info").mkdir(exist_ok=True)
    (repository / "info" / "attributes").write_text(ATTRIBUTES)


def _fetched(repository: Path, address: str, public: str, ref: str) -> str:
    """Bring branches, tags and HEAD up to date, and `ref` itself when they do not hold it."""
    known = _resolve(repository, ref) if FULL_SHA.fullmatch(ref) else None
    fetched = _fetch(repository, address, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    if fetched.status and known:  # offline, perhaps; a full commit id means the same for ever
        return known
    if fetched.status:
        raise UserError("bad-source", f"cannot fetch {public}", where=_reason(fetched))
    _follow_head(repository, address)
    sha = _fetched_alone(repository, address, ref) or _resolve(repository, ref)
    if sha is None:
        raise UserError("unknown-ref", f"no revision {ref!r}", where=public, hint=_hint(repository, ref))
    return sha


def _fetched_alone(repository: Path, address: str, ref: str) -> str | None:
    """A commit that no branch or tag holds, such as that of a pull request; always anew, for it may move."""
    if FULL_SHA.fullmatch(ref):
        found = _resolve(repository, ref)
        return found or _fetch_one(repository, address, ref, f"refs/commits/{ref}")
    if ref.startswith("refs/") and not ref.startswith(("refs/heads/", "refs/tags/")):
        return _fetch_one(repository, address, ref, ref)
    return None


def _fetch_one(repository: Path, address: str, ref: str, kept: str) -> str | None:
    fetched = _fetch(repository, address, f"+{ref}:{kept}")
    return None if fetched.status else _resolve(repository, kept)


def _follow_head(repository: Path, address: str) -> None:
    """Let HEAD of the cache be HEAD of the source, so that `HEAD~1` means what a person means."""
    if _fetch(repository, address, "+HEAD:refs/source/head").status == 0:
        _git(repository, "update-ref", "--no-deref", "HEAD", "refs/source/head")


def _resolve(repository: Path, ref: str) -> str | None:
    """The commit that git takes `ref` for; `^HEAD` and the like are none."""
    words = ("--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    found = _git(repository, "rev-parse", *words, check=False).out.strip()
    return found if FULL_SHA.fullmatch(found) else None


def _hint(repository: Path, ref: str) -> str:
    if _git(repository, "rev-parse", "--is-shallow-repository").out.strip() == "true":
        return "the source is a shallow clone; `git fetch --unshallow` there brings all commits"
    names = _git(repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/tags").out
    close = difflib.get_close_matches(ref, names.split(), n=3, cutoff=0.5)
    return f"close: {', '.join(close)}" if close else "it has no branch or tag of a similar name"


def _tag(repository: Path, sha: str, ref: str) -> str | None:
    """The tag asked for if it names the commit, else the newest by version that does."""
    tags = _git(repository, "tag", "--points-at", sha, "--sort=-version:refname").out.split()
    return ref if ref in tags else next(iter(tags), None)


def _fetch(repository: Path, address: str, *refs: str) -> shell.Finished:
    options = ("--quiet", "--force", "--no-tags", "--prune", "--no-write-fetch-head", "--update-shallow")
    return _git(repository, "fetch", *options, "--", address, *refs, check=False)


def _reason(failed: shell.Finished) -> str:
    """Why git could not fetch, in its own words but without credentials."""
    lines = [line for line in failed.err.splitlines() if line.startswith(("fatal:", "error:", "ERROR:"))]
    return re.sub(r"://[^/@\s]*@", "://", lines[0] if lines else failed.tail(1))


def _git(repository: Path, *words: str | Path, check: bool = True) -> shell.Finished:
    command = ["git", f"--git-dir={repository}", "-c", "gc.autoDetach=false", *words]
    return shell.run(command, env=_environment(), check=check)


def _environment() -> dict[str, str]:
    """Our own environment, so that people reach their private sources, without questions and helpers."""
    own = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER_REPOSITORY}
    return {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes"} | own | STRICT


def _place(commit: Commit) -> str:
    return f"{commit.source} at {commit.sha[:12]}"
