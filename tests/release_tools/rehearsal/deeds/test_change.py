"""Changes of TFMOT's default branch: edits, what is put back, and whether trainings are to show it."""

from __future__ import annotations

from typing import Any

import pytest
from staged import files, message

from convergence.errors import UserError
from release_tools.rehearsal.deeds import Done, change


def test_files_are_edited_one_edit_after_the_other(stage: Any) -> None:
    edits = [
        {"path": "setup.py", "before": "one", "after": "1"},
        {"path": "setup.py", "drop": "two"},
        {"path": "old.py", "before": "y", "after": "z"},
    ]
    done = change.do(stage, "mark", change.read({"message": "Say it", "edits": edits}))
    assert files(stage.tfmot, "master") == {"setup.py": "1\n", "old.py": "xz\n"}
    assert (message(stage.tfmot, "master").strip(), done) == (
        "Say it",
        Done(does="git push t/tfmot master   # Say it"),
    )


def test_what_was_changed_is_put_back(stage: Any) -> None:
    for edit in ({"path": "setup.py", "drop": "two"}, {"path": "setup.py", "drop": "one"}):
        change.do(stage, "mark", change.read({"message": "Tidy", "edits": [edit]}))
    assert files(stage.tfmot, "master")["setup.py"] == ""
    change.do(stage, "mark", change.read({"message": "Put back", "restores": ["setup.py"]}))
    assert files(stage.tfmot, "master")["setup.py"] == "one\n"


@pytest.mark.parametrize(
    ("before", "stated", "after"),
    [
        (False, {}, False),
        (True, {}, True),
        (False, {"regresses": True}, True),
        (True, {"regresses": False}, False),
    ],
)
def test_trainings_show_a_regression_until_it_is_said_to_be_over(
    stage: Any, stated: dict[str, bool], *, before: bool, after: bool
) -> None:
    stage.regressed = before
    edits = [{"path": "setup.py", "drop": "two"}]
    change.do(stage, "mark", change.read({"message": "Tidy", "edits": edits, **stated}))
    assert stage.regressed is after


@pytest.mark.parametrize(
    "stated",
    [
        {"edits": [{"path": "none.py", "drop": "x"}]},
        {"edits": [{"path": "setup.py", "drop": "three"}]},
        {"edits": [{"path": "old.py", "drop": "xy"}, {"path": "old.py", "before": "xy", "after": "z"}]},
        {"restores": ["none.py"]},
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_pushed(stage: Any, stated: dict[str, Any]) -> None:
    stage.world.commit(stage.tfmot, "master", {"new.py": ""}, stage.people["mark"])
    before = stage.tfmot.git.ref("refs/heads/master")
    with pytest.raises(UserError, match=r"error\[play\]: .*(none|setup|old)\.py"):
        change.do(stage, "mark", change.read({"message": "Tidy", **stated}))
    assert stage.tfmot.git.ref("refs/heads/master") == before
