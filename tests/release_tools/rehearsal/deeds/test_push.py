"""Pushes of a folder's files: where to, edited how, and that an open pull request follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from staged import files, message

from release_tools.rehearsal.deeds import Done, push


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("a/x.py", "one\ntwo\n"), ("y.py", ""), ("__pycache__/y.pyc", "no")):
        path = tmp_path / "example" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(push, "FILES", tmp_path)


def stated(branch: str = "topic", **more: object) -> push.Push:
    return push.read({"files": "example", "branch": branch, "message": "Say it", **more})


@pytest.mark.parametrize(("who", "repository"), [("carl", "carl/models"), ("mark", "t/models")])
def test_a_new_branch_begins_at_the_default_one(stage: Any, who: str, repository: str) -> None:
    done = push.do(stage, who, stated())
    own = stage.repository_of(who)
    assert files(own, "topic") == {"README.md": "one\ntwo\n", "a/x.py": "one\ntwo\n", "y.py": ""}
    assert message(own, "topic").strip() == "Say it"
    assert done == Done(does=f"git push {repository} topic   # Say it")


def test_edits_are_of_the_folders_files_not_of_what_was_pushed_before(stage: Any) -> None:
    push.do(stage, "carl", stated(edits=[{"path": "a/x.py", "before": "one", "after": "1"}]))
    assert files(stage.own, "topic")["a/x.py"] == "1\ntwo\n"
    push.do(stage, "carl", stated(edits=[{"path": "a/x.py", "drop": "two"}]))
    assert files(stage.own, "topic")["a/x.py"] == "one\n"


def test_an_open_pull_request_has_the_new_head(opened: Any) -> None:
    before = opened.head
    push.do(opened, "carl", stated())
    assert opened.head == opened.own.git.ref("refs/heads/topic") != before
    assert opened.own.git.commit(opened.head).parents == (before,)
