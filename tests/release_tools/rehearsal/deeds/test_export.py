"""An export has the content of TFMOT's one open pull request, in a commit of its own, whatever it changed."""

from __future__ import annotations

from typing import Any

import pytest
from staged import files, message

from convergence.errors import UserError
from release_tools.rehearsal.deeds import export
from release_tools.sandbox import pulls


def offered(stage: Any, changed: dict[str, str | None]) -> Any:
    stage.world.commit(stage.tfmot, "topic", changed, stage.people["mona"], start="master")
    return pulls.open_pull(stage.world, stage.tfmot, stage.people["mona"], "Release", "topic", "master")


def test_what_is_new_moved_or_gone_is_exported_and_what_landed_meanwhile_stays(stage: Any) -> None:
    issue = offered(stage, {"copy.py": "one\ntwo\n", "setup.py": "1\ntwo\n", "old.py": None})
    stage.world.commit(stage.tfmot, "master", {"meanwhile.py": ""}, stage.people["mark"])
    before = stage.tfmot.git.ref("refs/heads/master")
    export.do(stage, "mark", "Notes")
    assert files(stage.tfmot, "master") == {
        "copy.py": "one\ntwo\n", "meanwhile.py": "", "setup.py": "1\ntwo\n",
    }  # fmt: skip
    assert message(stage.tfmot, "master").startswith("Notes\n\nPiperOrigin-RevId: ")
    assert stage.tfmot.git.commit(stage.tfmot.git.ref("refs/heads/master")).parents == (before,)
    assert (issue.state, issue.pull.merged_at or "") == ("closed", "")


def test_who_looks_on_hears_of_the_push(stage: Any) -> None:
    offered(stage, {"new.py": ""})
    heard: list[Any] = []
    stage.world.events.subscribe(heard.append)
    export.do(stage, "mark", "Notes")
    stage.world.events.deliver()
    assert "push" in {one.event for one in heard}


def test_a_conflict_is_told_and_nothing_is_exported(stage: Any) -> None:
    issue = offered(stage, {"setup.py": "1\ntwo\n"})
    stage.world.commit(stage.tfmot, "master", {"setup.py": "2\ntwo\n"}, stage.people["mark"])
    before = stage.tfmot.git.ref("refs/heads/master")
    with pytest.raises(UserError, match=rf"t/tfmot#{issue.number} conflicts with master"):
        export.do(stage, "mark", "Notes")
    assert (stage.tfmot.git.ref("refs/heads/master"), issue.state) == (before, "open")


def test_without_one_open_pull_request_there_is_nothing_to_export(stage: Any) -> None:
    with pytest.raises(UserError, match="TFMOT has 0 open pull requests, not one"):
        export.do(stage, "mark", "Notes")
