"""What is in git: commits, refs, trees, files."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from release_tools.sandbox.answers import Json, node, people, pulls, repositories, when
from release_tools.sandbox.git import NULL
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.objects import Commit, Entry, Signature
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

VERIFICATION = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def commit(world: World, repository: Repository, sha: str) -> Json:
    """A commit in a list."""
    one = repository.git.commit(sha)
    return {
        "url": f"{repository.api}/commits/{sha}",
        "sha": sha,
        "node_id": node("C", sha),
        "html_url": f"{repository.html}/commit/{sha}",
        "comments_url": f"{repository.api}/commits/{sha}/comments",
        "commit": {
            "url": f"{repository.api}/git/commits/{sha}",
            "author": _person(one.author),
            "committer": _person(one.committer),
            "message": one.message,
            "comment_count": 0,
            "tree": {"sha": one.tree, "url": f"{repository.api}/git/trees/{one.tree}"},
            "verification": VERIFICATION,
        },
        "author": people.account_or_none(repository.site, world.account(one.author.name)),
        "committer": people.account_or_none(repository.site, world.account(one.committer.name)),
        "parents": _parents(repository, one),
    }


def detailed(world: World, repository: Repository, sha: str) -> Json:
    """A commit asked for by name, with what it changed."""
    one = repository.git.commit(sha)
    changed = repository.git.changes(one.parents[0] if one.parents else EMPTY_TREE, sha)
    additions, deletions = sum(c.additions for c in changed), sum(c.deletions for c in changed)
    stats = {"additions": additions, "deletions": deletions, "total": additions + deletions}
    files = [pulls.file(repository, sha, change) for change in changed]
    return {**commit(world, repository, sha), "stats": stats, "files": files}


EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def git_commit(repository: Repository, sha: str) -> Json:
    """A commit as git has it."""
    one = repository.git.commit(sha)
    return {
        "sha": sha,
        "node_id": node("C", sha),
        "url": f"{repository.api}/git/commits/{sha}",
        "html_url": f"{repository.html}/commit/{sha}",
        "author": _person(one.author),
        "committer": _person(one.committer),
        "message": one.message,
        "tree": {"sha": one.tree, "url": f"{repository.api}/git/trees/{one.tree}"},
        "parents": _parents(repository, one),
        "verification": VERIFICATION,
    }


def ref(repository: Repository, name: str, sha: str) -> Json:
    """A ref."""
    kind = repository.git.kind(sha)
    return {
        "ref": name,
        "node_id": node("REF", name),
        "url": f"{repository.api}/git/{name}",
        "object": {"type": kind, "sha": sha, "url": f"{repository.api}/git/{kind}s/{sha}"},
    }


def branch(world: World, repository: Repository, name: str, sha: str) -> Json:
    """A branch asked for by name."""
    url = f"{repository.api}/branches/{name}"
    return {
        "name": name,
        "commit": commit(world, repository, sha),
        "_links": {"html": f"{repository.html}/tree/{name}", "self": url},
        "protected": False,
        "protection": {"enabled": False},
        "protection_url": f"{url}/protection",
    }


def file(repository: Repository, entry: Entry, revision: str, content: bytes | None = None) -> Json:
    """A file or folder; with `content` a file asked for by name."""
    kind = {"blob": "file", "tree": "dir"}.get(entry.kind, "submodule")
    url = f"{repository.api}/contents/{entry.path}?ref={revision}"
    git_url = f"{repository.api}/git/{entry.kind}s/{entry.sha}"
    page = f"{repository.html}/{entry.kind}/{revision}/{entry.path}"
    download = f"{repository.html}/raw/{revision}/{entry.path}" if kind == "file" else None
    text = {} if content is None else {"content": base64.encodebytes(content).decode(), "encoding": "base64"}
    return {
        "type": kind,
        **text,
        "size": max(entry.size, 0),
        "name": PurePosixPath(entry.path).name,
        "path": entry.path,
        "sha": entry.sha,
        "url": url,
        "git_url": git_url,
        "html_url": page,
        "download_url": download,
        "_links": {"self": url, "git": git_url, "html": page},
    }


def tree_entry(repository: Repository, entry: Entry) -> Json:
    """A line of a tree."""
    size = {"size": entry.size} if entry.kind == "blob" else {}
    url = f"{repository.api}/git/{entry.kind}s/{entry.sha}"
    return {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha, **size, "url": url}


def push_event(repository: Repository, by: Account, name: str, old: str, new: str) -> Json:
    """A `push` event."""
    listed = [] if NULL in (old, new) else repository.git.log(f"{old}..{new}", "--reverse")
    commits = [_pushed(repository, sha) for sha in listed]
    head = _pushed(repository, repository.git.resolve(new)) if new != NULL else None
    whole = repositories.whole(repository)
    times = {
        "created_at": int(repository.created_at.timestamp()),
        "pushed_at": int(repository.updated_at.timestamp()),
    }
    return {
        "ref": name,
        "before": old,
        "after": new,
        "base_ref": None,
        "created": old == NULL,
        "deleted": new == NULL,
        "forced": NULL not in (old, new) and not repository.git.is_ancestor(old, new),
        "compare": f"{repository.html}/compare/{old[:12]}...{new[:12]}",
        "commits": commits,
        "head_commit": head,
        "pusher": {"name": by.login, "email": by.email},
        "repository": {**whole, **times, "stargazers": 0, "master_branch": repository.default_branch},
        "sender": people.account(repository.site, by),
    }


def _pushed(repository: Repository, sha: str) -> Json:
    one = repository.git.commit(sha)
    changed = repository.git.changes(one.parents[0] if one.parents else EMPTY_TREE, sha)
    return {
        "id": sha,
        "tree_id": one.tree,
        "distinct": True,
        "message": one.message,
        "timestamp": _time(one.committer),
        "url": f"{repository.html}/commit/{sha}",
        "author": _who(one.author),
        "committer": _who(one.committer),
        "added": [c.path for c in changed if c.status == "A"],
        "removed": [c.path for c in changed if c.status == "D"],
        "modified": [c.path for c in changed if c.status not in "AD"],
    }


def _who(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email, "username": signature.name}


def _person(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email, "date": _time(signature)}


def _time(signature: Signature) -> str | None:
    return when(datetime.fromtimestamp(signature.time, UTC))


def _parents(repository: Repository, one: Commit) -> list[Json]:
    return [
        {"sha": sha, "url": f"{repository.api}/commits/{sha}", "html_url": f"{repository.html}/commit/{sha}"}
        for sha in one.parents
    ]


def short_branch(repository: Repository, name: str, sha: str) -> Json:
    """A branch in a list."""
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{repository.api}/commits/{sha}"},
        "protected": False,
    }


def short_tag(repository: Repository, name: str, sha: str) -> Json:
    """A tag in a list."""
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{repository.api}/commits/{sha}"},
        "zipball_url": f"{repository.api}/zipball/refs/tags/{name}",
        "tarball_url": f"{repository.api}/tarball/refs/tags/{name}",
        "node_id": node("REF", name),
    }


def tag(repository: Repository, sha: str, sent: Json, tagger: Signature) -> Json:
    """An annotated tag."""
    kind = repository.git.kind(sent["object"])
    target = {"type": kind, "sha": sent["object"], "url": f"{repository.api}/git/{kind}s/{sent['object']}"}
    return {
        "node_id": node("TA", sha),
        "tag": sent["tag"],
        "sha": sha,
        "url": f"{repository.api}/git/tags/{sha}",
        "message": sent["message"],
        "tagger": _person(tagger),
        "object": target,
        "verification": VERIFICATION,
    }


def tree(repository: Repository, sha: str, entries: Sequence[Entry]) -> Json:
    """A tree."""
    return {
        "sha": sha,
        "url": f"{repository.api}/git/trees/{sha}",
        "tree": [tree_entry(repository, entry) for entry in entries],
        "truncated": False,
    }


def comparison(world: World, repository: Repository, old: str, new: str) -> Json:
    """How one commit stands to another."""
    git = repository.git
    start = git.merge_base(old, new)
    ahead, behind = git.log(f"{old}..{new}", "--reverse"), git.log(f"{new}..{old}")
    words = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
    page = f"{repository.html}/compare/{old}...{new}"
    return {
        "url": f"{repository.api}/compare/{old}...{new}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit(world, repository, old),
        "merge_base_commit": commit(world, repository, start),
        "status": words.get((bool(ahead), bool(behind)), "identical"),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit(world, repository, sha) for sha in ahead],
        "files": [pulls.file(repository, new, change) for change in git.changes(start, new)],
    }


def summary(repository: Repository, sha: str) -> Json:
    """A commit as a workflow's run names it."""
    one = repository.git.commit(sha)
    people_of = {"author": one.author, "committer": one.committer}
    return {
        "id": sha,
        "tree_id": one.tree,
        "message": one.message,
        "timestamp": _time(one.committer),
        **{role: {"name": who.name, "email": who.email} for role, who in people_of.items()},
    }
