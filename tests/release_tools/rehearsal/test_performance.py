"""A performance: facts are filled in, lines are followed by what they should; one that is not is the last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from convergence.errors import UserError
from release_tools.rehearsal import performance, script, workflows
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.follows import prints, status
from release_tools.rehearsal.performance import Performance
from release_tools.rehearsal.process import Ran
from release_tools.sandbox.errors import Refusal

PLAY = """
title = "A play"
ending = "Well"
[[acts]]
title = "First"
[[acts.lines]]
who = "mona"
tells = "builds"
run = { words = "build {tfmot}", keeps = "sha256" }
then = { status = 0, prints = ["sha256 12ab"] }
[[acts]]
title = "Second"
[[acts.lines]]
who = "mona"
tells = "says which it was"
run = "say {sha256}"
then = { prints = ["{sha256}"], status = 0 }
[[acts.lines]]
who = "carl"
tells = "is not there any more"
run = "sing"
"""


class Audience:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def act(self, title: str) -> None:
        self.heard.append(title)

    def begins(self, line: script.Line) -> None:
        self.heard.append(line.tells)

    def ended(self, line: Any) -> None:
        self.heard.append("passed" if line.passed else "not passed")


def stage(**statuses: int) -> Any:
    made = SimpleNamespace(
        facts={"tfmot": "here.git"}, pull=None, ran=[], consents=False, pending=[], world=SimpleNamespace()
    )
    made.world.events = SimpleNamespace(deliver=lambda: None)

    def run(who: str, *words: str, **_: Any) -> Ran:
        out = "sha256 12ab\n" if words[0] == "build" else " ".join(words)
        made.ran.append(Ran(who, words, statuses.get(words[0], 0), out, "", 0.1))
        return made.ran[-1]

    made.run = run
    return made


def played(made: Any, play: str = PLAY) -> tuple[bool, Performance, list[str]]:
    audience = Audience()
    one = Performance(made, script.parse("x", play), audience)
    return one.perform(), one, audience.heard


def test_lines_are_played_in_order_with_facts_from_before() -> None:
    made = stage()
    passed, one, heard = played(made)
    assert [ran.line for ran in made.ran] == [
        "release-tools build here.git",
        "release-tools say 12ab",
        "release-tools sing",
    ]
    assert heard == [
        "First", "builds", "passed",
        "Second", "says which it was", "passed", "is not there any more", "passed",
    ]  # fmt: skip
    assert (passed, one.passed, [len(act.lines) for act in one.acts]) == (True, True, [1, 2])


def test_the_first_line_that_fails_is_the_last() -> None:
    made = stage(say=4)
    passed, one, heard = played(made)
    assert (passed, one.passed, heard[-1], len(made.ran)) == (False, False, "not passed", 2)
    assert one.ending == "Failed: act 2, line 1 did not do what it should"
    (failed,) = (each for each in one.acts[-1].lines[-1].follows if not each.passed)
    assert (failed.expectation, failed.seen) == ("it ends with 0 (done)", "4")


@pytest.mark.parametrize(
    "failure",
    [
        workflows.JobFailedError("converge / build: no"),
        UserError("play", "nothing to edit"),
        Refusal(405, "Pull Request is not mergeable"),
    ],
)
def test_what_goes_wrong_meanwhile_is_told(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def attend(_: Any) -> None:
        raise failure

    monkeypatch.setattr(performance.workflows, "attend", attend)
    passed, one, _ = played(stage())
    assert not passed
    assert one.acts[0].lines[0].follows[0].seen == str(failure)


def test_what_no_fact_is_called_is_told_with_the_line() -> None:
    passed, one, _ = played(stage(), PLAY.replace("{sha256}", "{sha265}"))
    assert not passed
    assert "nothing is called {sha265}; known: sha256, tfmot" in one.acts[-1].lines[-1].follows[0].seen


def test_what_cannot_be_looked_at_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: Any) -> None:
        raise UserError("play", "no pull request is open yet")

    monkeypatch.setattr(prints, "look", look)
    passed, one, _ = played(stage())
    assert not passed
    assert [each.passed for each in one.acts[0].lines[0].follows] == [True, False]
    assert "no pull request is open yet" in one.acts[0].lines[0].follows[1].seen


@pytest.mark.parametrize(
    ("out", "wanted", "passed", "seen"),
    [
        ("one\ntwo", ["one"], True, "one"),
        ("one\ntwo", ["one", "two"], True, "one; two"),
        ("one\ntwo", ["three"], False, "two"),
        ("one", ["one", "three"], False, "one"),
        ("", ["one"], False, "nothing"),
    ],
)
def test_what_is_printed(out: str, wanted: list[str], seen: str, *, passed: bool) -> None:
    found = prints.look(stage(), Done(ran=Ran("mona", ("x",), 0, out, "", 0.1)), wanted)
    assert (found.passed, found.seen) == (passed, seen)


def test_a_status_needs_a_command() -> None:
    assert not status.look(stage(), Done(), 0).passed
