"""Commands that somebody runs: their words, the facts that are kept of them, and how they are killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from release_tools.rehearsal.deeds import Done, run
from release_tools.rehearsal.process import Ran


@pytest.fixture
def desk(stage: Any, tmp_path: Path) -> Any:
    """Says the same whatever is asked; `asked` has who did."""
    stage.asked = []

    def said(who: str, *words: str, until: Any = None) -> Ran:
        seen = [until()] if until else []
        if until:
            (tmp_path / "audit").write_text("gate done\nverify done")
            seen.append(until())
        stage.asked.append((who, words, seen))
        return Ran(who, words, -9 if until else 0, "  sha256 12ab\nwheel a b.whl\nsha 3\n", "", 0.1)

    stage.run, stage.at = said, lambda _: tmp_path
    return stage


def test_words_are_those_of_a_shell(desk: Any) -> None:
    done = run.do(desk, "mona", run.read("release plan --tested-against 'Python 3'"))
    assert desk.asked == [("mona", ("release", "plan", "--tested-against", "Python 3"), [])]
    assert done == Done(does=done.ran.line if done.ran else "", ran=done.ran)
    assert desk.facts == {"version": "1.2.3"}


def test_facts_are_kept_by_their_whole_names(desk: Any) -> None:
    run.do(desk, "carl", run.read({"words": "build", "keeps": "wheel sha256"}))
    assert desk.facts == {"version": "1.2.3", "sha256": "12ab", "wheel": "a b.whl"}


def test_a_command_may_be_killed_by_what_its_audit_says(desk: Any) -> None:
    done = run.do(desk, "mona", run.read({"words": "release run x", "audit": "audit", "until": "verify"}))
    assert desk.asked == [("mona", ("release", "run", "x"), [False, True])]
    assert done.does == "release-tools release run x   # killed as soon as its audit says 'verify'"
