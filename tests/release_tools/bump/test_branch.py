from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.version import Version

from convergence.errors import UserError
from release_tools import bump
from release_tools.bump import Target, branch, declarations
from release_tools.bump import report as bump_report
from release_tools.bump.branch import Committed
from release_tools.bump.floors import Options
from release_tools.bump.reading import Package

T = "tensorflow-model-optimization"
TARGET = Target(Package(T), Version("0.8.0"))
BRANCH = f"bump-{T}-0.8.0"
Git = Callable[..., str]


@pytest.fixture
def clone(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "clone"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub/requirements.txt").write_bytes(f"six\r\n{T}>=0.4.1".encode())
    (folder / "setup.py").write_text(f"from setuptools import setup\nsetup(install_requires=['{T}'])\n")
    (folder / "setup.py").chmod(0o755)
    git(folder, "init", "-q", "-b", "master")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    for name, value in {"NAME": "Somebody", "EMAIL": "somebody@example.invalid"}.items():
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.chdir(folder)
    return folder


def committed(*evidence: str) -> Committed:
    decision = bump.decide(declarations.search([Path()], TARGET.package), TARGET, Options())
    return branch.commit(decision.changes, bump_report.proposal(decision, evidence))


def test_makes_one_commit_and_leaves_the_checkout(clone: Path, git: Git) -> None:
    made = committed("the API used needs 0.7.3")
    assert git(clone, "status", "--porcelain") == ""
    assert git(clone, "rev-parse", "--abbrev-ref", "HEAD") == "master"
    assert git(clone, "log", "--format=%s", BRANCH).splitlines() == [f"Require {T}>=0.8.0", "first"]
    assert made == Committed(BRANCH, git(clone, "rev-parse", BRANCH), made=True)
    assert (
        git(clone, "diff", "--stat", "--summary", "master", BRANCH)
        .splitlines()[-1]
        .startswith(" 2 files changed")
    )
    assert git(clone, "cat-file", "-s", f"{BRANCH}:sub/requirements.txt") == str(len(f"six\r\n{T}>=0.8.0"))
    assert git(clone, "show", "-s", "--format=%b", BRANCH).splitlines() == [
        "- the API used needs 0.7.3",
        "",
        "- setup.py:2: any version becomes >=0.8.0",
        "- sub/requirements.txt:2: >=0.4.1 becomes >=0.8.0",
        "",
        "Every version allowed before that is not below the new minimum stays allowed.",
    ]


def test_a_second_run_makes_no_second_commit(clone: Path) -> None:
    first = committed()
    assert committed() == replace(first, made=False)


def test_follows_a_base_that_moved(clone: Path, git: Git) -> None:
    first = committed()
    (clone / "other").touch()
    git(clone, "add", "other")
    git(clone, "commit", "-q", "-m", "second")
    assert committed().sha != first.sha
    assert git(clone, "log", "--format=%s", BRANCH).splitlines() == [f"Require {T}>=0.8.0", "second", "first"]


def test_leaves_somebody_elses_commits_alone(clone: Path, git: Git) -> None:
    committed()
    git(clone, "checkout", "-q", BRANCH)
    (clone / "other").touch()
    git(clone, "add", "other")
    git(clone, "commit", "-q", "-m", "theirs")
    git(clone, "checkout", "-q", "master")
    tip = git(clone, "rev-parse", BRANCH)
    with pytest.raises(UserError, match=r"error\[branch-not-ours\]"):
        committed()
    assert git(clone, "rev-parse", BRANCH) == tip


def test_refuses_what_is_not_committed(clone: Path) -> None:
    (clone / "setup.py").write_text((clone / "setup.py").read_text() + "# mine\n")
    with pytest.raises(UserError, match=r"error\[uncommitted\]: .*; setup.py"):
        committed()


def test_needs_a_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements.txt").write_text(T)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"error\[not-a-clone\]"):
        committed()


def test_runs_no_hooks(clone: Path) -> None:
    for name in ("post-commit", "reference-transaction", "pre-commit"):
        hook = clone / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\ntouch planted\n")
        hook.chmod(0o755)
    committed()
    assert not (clone / "planted").exists()
