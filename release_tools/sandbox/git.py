"""One bare git repository: its refs, objects and merges; knows nothing of GitHub."""

from __future__ import annotations

import functools
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from release_tools import shell
from release_tools.sandbox import objects
from release_tools.sandbox.objects import Change, Commit, Entry, Signature

NULL = "0" * 40
SHA = re.compile(r"[0-9a-f]{40}")
CONFIGURATION = {
    "receive.hideRefs": "refs/pull",  # only the sandbox writes them
    "http.receivepack": "true",
    "uploadpack.allowAnySHA1InWant": "true",
}


@dataclass(frozen=True)
class Git:
    """A bare repository in `folder`. Refs may be moved by others at any time, so they are read anew."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, origin: Path | None = None) -> Git:
        """A new repository, empty or with all that `origin` has."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        if origin:
            _run(folder.parent, "clone", "--quiet", "--bare", "--template=", origin, folder)
        else:
            _run(folder.parent, "init", "--quiet", "--bare", "--template=", folder)
        made = cls(folder)
        with (folder / "config").open("a", encoding="utf-8") as file:
            for key, value in CONFIGURATION.items():
                section, name = key.split(".")
                file.write(f"[{section}]\n\t{name} = {value}\n")
        return made

    def ref(self, name: str) -> str:
        """What `HEAD` or a full ref name stands for; empty if there is none. Costs no process."""
        if ".." in name or not name.startswith(("refs/", "HEAD")):
            return ""
        try:
            text = (self.folder / name).read_text(encoding="utf-8").strip()
        except OSError:
            return self._packed().get(name, "")
        return self.ref(text.removeprefix("ref: ")) if text.startswith("ref: ") else text

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """All refs below a prefix, in order of their names."""
        files = [path for path in (self.folder / "refs").rglob("*") if path.is_file()]
        names = {path.relative_to(self.folder).as_posix() for path in files} | self._packed().keys()
        chosen = [name for name in sorted(names) if name.startswith(prefix) and not name.endswith(".lock")]
        return {name: self.ref(name) for name in chosen}

    def _packed(self) -> dict[str, str]:
        try:
            lines = (self.folder / "packed-refs").read_text(encoding="utf-8").splitlines()
        except OSError:
            return {}
        pairs = (line.split(" ", 1) for line in lines if not line.startswith(("#", "^")))
        return {name: sha for sha, name in pairs}

    def resolve(self, revision: str) -> str:
        """The commit that a branch, tag or (short) SHA means; empty if there is none."""
        for prefix in ("refs/heads/", "refs/tags/", "refs/", ""):
            if sha := self.ref(f"{prefix}{revision}"):
                return self._peeled(sha)
        return self._peeled(revision) if re.fullmatch(r"[0-9a-f]{4,40}", revision) else ""

    def _peeled(self, revision: str) -> str:
        if SHA.fullmatch(revision) and self.kind(revision) == "commit":
            return revision
        done = shell.run(
            _words(self.folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"),
            env=environment(),
            check=False,
        )
        return done.out.strip()

    def kind(self, sha: str) -> str:
        """`commit`, `tree`, `blob` or `tag`; empty if there is no such object."""
        try:
            return _said(self.folder, "cat-file", "-t", sha).decode().strip()
        except LookupError:
            return ""

    def set_ref(self, name: str, sha: str, old: str = "") -> bool:
        """Move a ref, or make it; an empty `sha` deletes it. False if it was not at `old`."""
        change = ("update-ref", "-d", name) if not sha else ("update-ref", name, sha)
        done = shell.run(_words(self.folder, *change, *filter(None, [old])), env=environment(), check=False)
        return done.status == 0

    def fetch(self, source: Path, spec: str) -> None:
        """Bring objects and refs from another repository."""
        _run(self.folder, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", source, spec)

    def commit(self, sha: str) -> Commit:
        """A commit that is there."""
        head, _, message = (
            _said(self.folder, "cat-file", "commit", sha).decode(errors="replace").partition("\n\n")
        )
        fields = [line.split(" ", 1) for line in head.splitlines() if not line.startswith(" ")]
        only = dict(fields)
        parents = tuple(value for key, value in fields if key == "parent")
        who = (objects.signature(only["author"]), objects.signature(only["committer"]))
        return Commit(sha, only["tree"], parents, *who, message.removesuffix("\n"))

    def blob(self, sha: str) -> bytes:
        """The content of a file."""
        return _said(self.folder, "cat-file", "blob", sha)

    def tree(self, sha: str, path: str = "", *, recursive: bool = False) -> tuple[Entry, ...]:
        """What a tree or commit holds: of a folder ending in `/` its members, of another path itself."""
        options = ("-r", "-t") if recursive else ()
        return tuple(
            objects.entries(
                _said(
                    self.folder,
                    "ls-tree",
                    "-z",
                    "-l",
                    *options,
                    sha,
                    *filter(None, ["--" if path else "", path]),
                )
            )
        )

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether `new` holds all of `old`."""
        return self.merge_base(old, new) == old

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor; empty if there is none."""
        try:
            return _said(self.folder, "merge-base", one, other).decode().strip()
        except LookupError:
            return ""

    def log(self, revisions: str, *options: str) -> tuple[str, ...]:
        """Commits, newest first; `revisions` names them by SHA."""
        return tuple(_said(self.folder, "rev-list", *options, revisions, "--").decode().split())

    def changes(self, old: str, new: str) -> tuple[Change, ...]:
        """The files that differ between two trees, renames recognised."""
        raw = _said(self.folder, "diff-tree", "-r", "-M", "--raw", "-z", "--no-abbrev", old, new).decode()
        patches = ("\n" + self.diff(old, new)).split("\ndiff --git ")[1:]
        return tuple(objects.changes(iter(raw.split("\0")), patches))

    def diff(self, old: str, new: str) -> str:
        """The difference of two trees, as text."""
        return _said(self.folder, "diff-tree", "-r", "-M", "-p", "--full-index", old, new).decode(
            errors="replace"
        )

    def write_blob(self, content: bytes) -> str:
        """Store a file's content; its id is returned."""
        return _run(self.folder, "hash-object", "-w", "--stdin", stdin=content).decode().strip()

    def overlaid(self, base: str, files: Mapping[str, tuple[str, str]]) -> str:
        """Store a tree: `base` with files of these modes and ids; an empty id removes one."""
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            if base:
                _run(self.folder, "read-tree", base, env=index)
            lines = "".join(
                f"{mode if sha else 0} {sha or NULL}\t{path}\n" for path, (mode, sha) in files.items()
            )
            _run(self.folder, "update-index", "--index-info", stdin=lines.encode(), env=index)
            return _run(self.folder, "write-tree", env=index).decode().strip()

    def write_commit(
        self, tree: str, parents: tuple[str, ...], message: str, author: Signature, committer: Signature
    ) -> str:
        """Store a commit; its id is returned."""
        words = [word for parent in parents for word in ("-p", parent)]
        made = _run(
            self.folder, "commit-tree", tree, *words, stdin=message.encode(), env=_identity(author, committer)
        )
        return made.decode().strip()

    def write_tag(self, name: str, sha: str, message: str, tagger: Signature) -> str:
        """Store an annotated tag without a ref; its id is returned."""
        text = f"object {sha}\ntype {self.kind(sha)}\ntag {name}\ntagger {tagger}\n\n{message}\n"
        return _run(self.folder, "mktag", stdin=text.encode()).decode().strip()

    def edit(
        self, ref: str, files: Mapping[str, bytes | None], message: str, by: Signature, parent: str = ""
    ) -> str:
        """One commit on a ref that writes these files and removes those that are None."""
        parent = parent or self.ref(ref)
        _run(
            self.folder,
            "fast-import",
            "--quiet",
            stdin=b"".join(objects.stream(ref, files, message, by, parent)),
        )
        return self.ref(ref)

    def merged_tree(self, ours: str, theirs: str) -> str:
        """The tree of a merge; empty when it conflicts."""
        try:
            return _said(self.folder, "merge-tree", "--write-tree", ours, theirs).decode().split()[0]
        except LookupError:
            return ""

    def picked_tree(self, onto: str, sha: str) -> str:
        """The tree after one commit was picked on another; empty when it conflicts."""
        commit = self.commit(sha)
        # A child of the commit's own parent with the target's tree: their merge base is that parent.
        stand_in = self.write_commit(
            self.commit(onto).tree, commit.parents[:1], "", commit.author, commit.committer
        )
        return self.merged_tree(stand_in, sha)


def _identity(author: Signature, committer: Signature) -> dict[str, str]:
    roles = {"AUTHOR": author, "COMMITTER": committer}
    return {
        f"GIT_{role}_{key}": value
        for role, who in roles.items()
        for key, value in {"NAME": who.name, "EMAIL": who.email, "DATE": f"{who.time} +0000"}.items()
    }


def environment() -> dict[str, str]:
    """Git without any configuration of the person who runs it."""
    return shell.environment() | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def _words(folder: Path, *words: str | Path) -> list[str | Path]:
    return ["git", "-C", folder, *words]


def _run(folder: Path, *words: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
    done = shell.run_bytes(_words(folder, *words), stdin=stdin, env=environment() | dict(env or {}))
    if done.status:
        raise LookupError(f"git {words[0]}: {done.err.decode(errors='replace').strip()}")
    return done.out


@functools.lru_cache(maxsize=8192)
def _said(folder: Path, *words: str) -> bytes:
    """What git answers to a question that names objects by their ids: it answers the same for ever."""
    return _run(folder, *words)
