"""Pull requests: whose branch they are of, and what their text says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convergence.errors import UserError
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.deeds import open as opening


@pytest.fixture(autouse=True)
def _text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.md").write_text("With {version}, in 100 %: {'a': 1}")
    monkeypatch.setattr(opening, "FILES", tmp_path)


@pytest.mark.parametrize(("who", "owner"), [("carl", "carl"), ("mark", "t")])
def test_it_is_of_ones_own_branch_with_facts_in_its_text(stage: Any, who: str, owner: str) -> None:
    stage.world.commit(stage.repository_of(who), "topic", {"x": ""}, stage.people[who], start="master")
    done = opening.do(stage, who, opening.read({"title": "New", "branch": "topic", "body": "text.md"}))
    text = "With 1.2.3, in 100 %: {'a': 1}"
    assert stage.models.issues[stage.issue.number] is stage.issue
    assert (stage.issue.title, stage.issue.body, stage.issue.user.login) == ("New", text, who)
    assert (stage.issue.pull.head_owner.login, stage.issue.pull.head_ref) == (owner, "topic")
    assert done == Done(says=text, does=f"opens “New” as #{stage.issue.number}")


def test_a_text_that_names_no_fact_opens_nothing(stage: Any) -> None:
    stage.world.commit(stage.own, "topic", {"x": ""}, stage.people["carl"], start="master")
    stage.facts = {}
    with pytest.raises(UserError, match=r"nothing is called \{version\}"):
        opening.do(stage, "carl", opening.read({"title": "New", "branch": "topic", "body": "text.md"}))
    assert (stage.pull, stage.models.issues) == (None, {})
