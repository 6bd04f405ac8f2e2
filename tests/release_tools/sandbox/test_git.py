"""Refs are read as git has them, however it stores them; objects come back as they were written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from release_tools.sandbox.git import Git
from release_tools.sandbox.objects import Signature

MONA = Signature("Mona Ö.", "mona@example.invalid", 1_767_225_600)
FILES = {"a/b.txt": b"one\n", "bin": b"\0\r\n\xff", "ü.txt": b""}


@pytest.fixture
def repository(tmp_path: Path) -> Git:
    made = Git.create(tmp_path / "one.git")
    first = made.edit("refs/heads/master", FILES, "First\n\nWith a body.", MONA)
    made.set_ref("refs/heads/topic/x", first)
    made.set_ref("refs/tags/v1", made.write_tag("v1", first, "One", MONA))
    return made


@pytest.mark.parametrize("packed", [False, True])
def test_refs_loose_and_packed(repository: Git, git: Callable[..., str], packed: bool) -> None:
    first = repository.ref("refs/heads/master")
    if packed:
        git(repository.folder, "pack-refs", "--all")
    second = repository.edit("refs/heads/master", {"c": b""}, "Second", MONA)
    tag = repository.ref("refs/tags/v1")
    assert repository.refs() == {
        "refs/heads/master": second,
        "refs/heads/topic/x": first,
        "refs/tags/v1": tag,
    }
    assert repository.refs("refs/heads/topic/") == {"refs/heads/topic/x": first}
    assert git(repository.folder, "rev-parse", "v1^{commit}") == repository.resolve("v1") == first != tag
    assert repository.set_ref("refs/heads/topic/x", "")
    assert repository.ref("refs/heads/topic/x") == ""


@pytest.mark.parametrize("revision", ["HEAD", "master", "heads/master", "refs/heads/master", "topic/x", "v1"])
def test_a_revision_by_any_of_its_names(repository: Git, revision: str) -> None:
    sha = repository.ref("refs/heads/master")
    assert repository.resolve(revision) == sha
    assert repository.resolve(sha) == repository.resolve(sha[:7]) == sha


@pytest.mark.parametrize("revision", ["", "none", "f" * 40, "../one.git/HEAD", "config", "-h", "refs/heads"])
def test_a_revision_that_is_not_there(repository: Git, revision: str) -> None:
    assert repository.resolve(revision) == ""


def test_what_was_written_is_read(repository: Git) -> None:
    sha = repository.ref("refs/heads/master")
    commit = repository.commit(sha)
    assert (commit.message, commit.author, commit.parents) == ("First\n\nWith a body.", MONA, ())
    entries = [entry for entry in repository.tree(sha, recursive=True) if entry.kind == "blob"]
    assert {entry.path: repository.blob(entry.sha) for entry in entries} == FILES
    assert {entry.path: entry.size for entry in entries} == {path: len(text) for path, text in FILES.items()}


def test_a_ref_moves_only_from_where_it_was_thought_to_be(repository: Git) -> None:
    first = repository.ref("refs/heads/master")
    second = repository.edit("refs/heads/master", {"c": b""}, "Second", MONA)
    assert [repository.set_ref("refs/heads/master", first, old) for old in (first, second)] == [False, True]


def test_the_same_writes_make_the_same_commits(repository: Git, tmp_path: Path) -> None:
    again = Git.create(tmp_path / "two.git")
    made = again.edit("refs/heads/master", FILES, "First\n\nWith a body.", MONA)
    assert made == repository.ref("refs/heads/master")
