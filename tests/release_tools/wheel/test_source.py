from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import shell
from release_tools.wheel import source

Git = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Path:
    """Two commits on master, a branch, tags, and a pull request that no branch holds."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "master")
    for number, name in enumerate(["first", "second", "pull"]):
        (folder / "file").write_text(name)
        git(folder, "add", "file")
        git(folder, "commit", "-q", "-m", name, "--date", f"2026-01-0{number + 1}T00:00:00Z")
        git(folder, "tag", f"tip-{name}")
    git(folder, "update-ref", "refs/pull/7/head", "tip-pull")
    git(folder, "reset", "-q", "--hard", "tip-second")
    git(folder, "tag", "-d", "tip-pull")
    git(folder, "branch", "side", "tip-first")
    git(folder, "tag", "v1.0.0")
    git(folder, "tag", "-a", "v1.0.1", "-m", "annotated")
    return folder


def content(commit: source.Commit, folder: Path) -> str:
    source.export(commit, folder)
    return (folder / "file").read_text()


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("HEAD", "second"),
        ("HEAD~1", "first"),
        ("@", "second"),
        ("master", "second"),
        ("side", "first"),
        ("refs/heads/side", "first"),
        ("tip-first", "first"),
        ("v1.0.1", "second"),
        ("refs/tags/v1.0.1", "second"),
        ("refs/pull/7/head", "pull"),
        ("pull/7/head", "pull"),
    ],
)
def test_finds_every_kind_of_revision(repository: Path, tmp_path: Path, ref: str, expected: str) -> None:
    assert content(source.find(str(repository), ref), tmp_path / "out") == expected


def test_finds_commits_by_id(repository: Path, tmp_path: Path, git: Git) -> None:
    full = git(repository, "rev-parse", "HEAD")
    assert source.find(str(repository), full).sha == source.find(str(repository), full[:8]).sha == full


def test_finds_a_commit_that_only_a_pull_request_holds(repository: Path, tmp_path: Path, git: Git) -> None:
    full = git(repository, "rev-parse", "refs/pull/7/head")
    assert content(source.find(f"file://{repository}", full), tmp_path / "out") == "pull"


def test_describes_the_commit(repository: Path, git: Git) -> None:
    commit = source.find(str(repository), "v1.0.0")
    sha, tree, time = git(repository, "show", "-s", "--format=%H %T %ct", "HEAD").split()
    assert (commit.source, commit.ref, commit.sha, commit.tree, commit.time) == (
        str(repository),
        "v1.0.0",
        sha,
        tree,
        int(time),
    )


@pytest.mark.parametrize(("ref", "tag"), [("v1.0.0", "v1.0.0"), ("HEAD", "v1.0.1"), ("pull/7/head", None)])
def test_names_a_tag_of_the_commit(repository: Path, ref: str, tag: str | None) -> None:
    assert source.find(str(repository), ref).tag == tag


def test_follows_what_moves(repository: Path, tmp_path: Path, git: Git) -> None:
    refs = ["v1.0.0", "side", "refs/pull/7/head", "HEAD"]
    before = [source.find(str(repository), ref).sha for ref in refs]
    (repository / "file").write_text("third")
    git(repository, "commit", "-q", "-a", "-m", "third")
    for command in ("tag", "branch"):
        git(repository, command, "-f", "v1.0.0" if command == "tag" else "side")
    git(repository, "update-ref", "refs/pull/7/head", "HEAD")
    after = [source.find(str(repository), ref).sha for ref in refs]
    assert set(after) == {git(repository, "rev-parse", "HEAD")}
    assert not set(before) & set(after)


def test_forgets_a_deleted_branch(repository: Path, git: Git) -> None:
    source.find(str(repository), "side")
    git(repository, "branch", "-D", "side")
    with pytest.raises(UserError, match="no revision 'side'"):
        source.find(str(repository), "side")


def test_a_known_commit_id_needs_no_source(repository: Path, git: Git, tmp_path: Path) -> None:
    full = git(repository, "rev-parse", "HEAD")
    url = f"file://{repository}"
    source.find(url, full)
    repository.rename(tmp_path / "gone")
    assert source.find(url, full).sha == full


def test_a_new_tag_of_a_known_commit_is_seen(repository: Path, git: Git) -> None:
    full = git(repository, "rev-parse", "tip-first")
    assert source.find(str(repository), full).tag == "tip-first"
    git(repository, "tag", "v0.9.0", full)
    assert source.find(str(repository), full).tag == "v0.9.0"


def test_shows_close_names(repository: Path) -> None:
    with pytest.raises(UserError) as caught:
        source.find(str(repository), "v1.0.2")
    assert str(caught.value) == (
        f"error[unknown-ref]: no revision 'v1.0.2'; {repository}; close: v1.0.1, v1.0.0"
    )


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "nothing",
        "-h",
        "--upload-pack=touch planted",
        "a..b",
        "a\0b",
        "a\nb",
        "refs/heads/*",
        "refs/a:refs/b",
        "f" * 40,
        "HEAD:file",
        "refs/pull/8/head",
        "^HEAD",
        "--all",
        "refs/../../planted",
    ],
)
def test_bad_revisions_are_unknown(repository: Path, ref: str) -> None:
    with pytest.raises(UserError) as caught:
        source.find(str(repository), ref)
    assert caught.value.code == "unknown-ref"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "no/such/folder",
        "-oProxyCommand=touch planted",
        "--upload-pack=touch planted",
        "ext::sh -c 'touch planted'",
        "fd::17",
        "https://-evil/x",
        "git@-oProxyCommand=x:y",
        "http://[",
        "a\0b",
        "https://host/a\nb",
        "x" * 5000,
    ],
)
def test_bad_sources_reach_no_program(bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as caught:
        source.find(bad)
    assert caught.value.code == "bad-source"
    assert not (tmp_path / "planted").exists()


def test_helper_protocols_are_refused_by_git_too(cache_folder: Path) -> None:
    source._prepare(cache_folder / "x.git")
    refused = source._fetch(cache_folder / "x.git", "ext::true", "HEAD")
    assert "transport 'ext' not allowed" in refused.err


def test_an_address_is_no_option_to_git(cache_folder: Path, repository: Path, tmp_path: Path) -> None:
    source._prepare(cache_folder / "x.git")
    planted = tmp_path / "planted"
    assert source._fetch(cache_folder / "x.git", f"--upload-pack=touch {planted}", str(repository)).status
    assert not planted.exists()


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"error\[bad-source\]: cannot fetch .*not appear to be a git repo"):
        source.find(str(tmp_path))


def test_a_repository_without_commits(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "empty")
    with pytest.raises(UserError, match=r"error\[unknown-ref\]: no revision 'HEAD'"):
        source.find(str(tmp_path / "empty"))


def test_a_shallow_clone_says_so(repository: Path, tmp_path: Path, git: Git) -> None:
    first = git(repository, "rev-parse", "tip-first")
    git(tmp_path, "clone", "-q", "--depth=1", "--no-tags", f"file://{repository}", "shallow")
    shallow = str(tmp_path / "shallow")
    assert content(source.find(shallow), tmp_path / "out") == "second"
    for ref in (first, "HEAD~1"):
        with pytest.raises(UserError, match="git fetch --unshallow"):
            source.find(shallow, ref)
    git(tmp_path / "shallow", "fetch", "-q", "--unshallow")
    assert source.find(shallow, "HEAD~1").sha == first


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match=r"error\[missing-program\]: git was not found"):
        source.find(str(repository))


def test_works_while_a_hook_of_another_repository_runs(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert content(source.find(str(repository)), tmp_path / "out") == "second"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:token@host/a/b", "https://host/a/b"),
        ("https://token@host:8080/a?access_token=x#y", "https://host:8080/a"),
        ("https://a:b@c@host/x", "https://host/x"),
        ("http://token@[", "http://(unreadable)"),
        ("git@host:a/b", "git@host:a/b"),
        ("/a/b", "/a/b"),
    ],
)
def test_credentials_are_not_shown(address: str, shown: str) -> None:
    assert source.without_credentials(address) == shown


def test_credentials_are_neither_said_nor_stored(cache_folder: Path) -> None:
    with pytest.raises(UserError) as caught:
        source.find("http://user:sesame@localhost:1/x.git")
    assert "sesame" not in str(caught.value)
    stored = [path.read_bytes() for path in cache_folder.rglob("*") if path.is_file()]
    assert stored
    assert not any(b"sesame" in text for text in stored)


def test_exports_the_bytes_that_were_committed(tmp_path: Path, git: Git) -> None:
    folder, bytes_ = tmp_path / "r", b"$Format:%H$ $Id$\r\nx\n"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "file").write_bytes(bytes_)
    (folder / "hidden").write_bytes(bytes_)
    git(folder, "-c", "core.autocrlf=false", "add", ".")
    (folder / ".gitattributes").write_text("* export-subst ident text eol=crlf\nhidden export-ignore\n")
    git(folder, "add", ".gitattributes")
    git(folder, "commit", "-q", "-m", "x")
    (folder / "file").write_text("uncommitted")
    source.export(source.find(str(folder)), tmp_path / "out")
    assert (tmp_path / "out" / "file").read_bytes() == bytes_
    assert (tmp_path / "out" / "hidden").read_bytes() == bytes_


def test_a_link_out_of_the_tree_is_refused(tmp_path: Path, git: Git) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "link").symlink_to("/etc/passwd")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x")
    with pytest.raises(UserError, match=r"error\[bad-source\]: unsafe file in the commit: 'link'"):
        source.export(source.find(str(folder)), tmp_path / "out")
    assert not (tmp_path / "out.tar").exists()


def test_counts_uncommitted_changes(repository: Path) -> None:
    assert source.uncommitted(str(repository)) == 0
    (repository / "file").write_text("changed")
    (repository / "new").touch()
    assert source.uncommitted(str(repository)) == 2
    assert source.uncommitted("https://host/x") == 0


def test_processes_share_the_cache(repository: Path, at_once: Callable[[str], list[str]], git: Git) -> None:
    found = at_once(f"from release_tools.wheel import source; print(source.find({str(repository)!r}).sha)")
    assert found == [git(repository, "rev-parse", "HEAD")] * 3


def test_one_bare_repository_a_source(repository: Path, cache_folder: Path) -> None:
    source.find(str(repository))
    name = hashlib.sha256(str(repository).encode()).hexdigest()[:16]
    assert (cache_folder / "git" / f"{name}.git" / "HEAD").is_file()


def test_a_commit_without_files(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "r")
    git(tmp_path / "r", "commit", "-q", "--allow-empty", "-m", "x")
    with pytest.raises(UserError, match=r"error\[bad-source\]: the commit has no files"):
        source.export(source.find(str(tmp_path / "r")), tmp_path / "out")


def truncate(kept: Path) -> None:
    for file in kept.glob("objects/??/*"):
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:10])


def truncate_pack(kept: Path) -> None:
    shell.run(["git", f"--git-dir={kept}", "repack", "-adq"])
    (pack,) = kept.glob("objects/pack/*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:50])


def replace_by_file(kept: Path) -> None:
    shutil.rmtree(kept)
    kept.touch()


@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        truncate_pack,
        replace_by_file,
        lambda kept: (kept / "HEAD").write_text("broken"),
        lambda kept: (kept / "HEAD").unlink(),
        lambda kept: (kept / "config").write_text("[broken"),
        lambda kept: (kept / "HEAD.lock").touch(),
        lambda kept: (kept / "config.lock").touch(),
        lambda kept: (kept / "refs" / "heads" / "master.lock").touch(),
        lambda kept: shutil.rmtree(kept / "objects"),
    ],
)
def test_a_damaged_cache_is_fetched_anew(
    repository: Path, cache_folder: Path, tmp_path: Path, git: Git, damage: Callable[[Path], object]
) -> None:
    source.find(str(repository))
    (kept,) = (cache_folder / "git").glob("*.git")
    damage(kept)
    (repository / "file").write_text("third")
    git(repository, "commit", "-q", "-a", "-m", "third")
    assert content(source.find(str(repository)), tmp_path / "out") == "third"


def test_a_sound_cache_is_kept_when_the_source_fails(
    repository: Path, cache_folder: Path, tmp_path: Path
) -> None:
    source.find(str(repository))
    (kept,) = (cache_folder / "git").glob("*.git")
    (kept / "mark").touch()
    with pytest.raises(UserError, match="unknown-ref"):
        source.find(str(repository), "nothing")
    (repository / ".git").rename(tmp_path / "gone")
    with pytest.raises(UserError, match="bad-source"):
        source.find(str(repository))
    assert (kept / "mark").exists()


@pytest.mark.parametrize("name", ["x", "a=b.c"])
@pytest.mark.parametrize("kind", ["clean", "process"])
def test_counting_runs_nothing_of_the_folder(
    repository: Path, tmp_path: Path, git: Git, name: str, kind: str
) -> None:
    planted = tmp_path / "planted"
    hook = repository / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {planted}\n")
    hook.chmod(0o755)
    git(repository, "config", f"filter.{name}.{kind}", f"touch {planted}; cat")
    git(repository, "config", f"filter.{name}.required", "true")
    git(repository, "config", "core.fsmonitor", f"touch {planted}; false")
    (repository / ".git" / "info" / "attributes").write_text(f"* filter={name}\n")
    (repository / "file").write_text("SECOND")  # as long as what is committed
    assert source.uncommitted(str(repository)) == 1
    assert not planted.exists()
