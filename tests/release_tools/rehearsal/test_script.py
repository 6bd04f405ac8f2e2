"""Scripts of plays: what is read of them, and what nobody could play."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest

from convergence import members
from convergence.errors import UserError
from release_tools.rehearsal import deeds, follows, script, values
from release_tools.rehearsal.edits import Edit, edited

PLAY = """
title = "A play"
ending = "Well"
[[acts]]
title = "First"
[[acts.lines]]
who = "carl"
tells = "says hello"
say = "hello {name}"
then = { reply = "hello" }
"""


def test_a_script_is_read() -> None:
    play = script.parse("x", PLAY)
    ((line,),) = (act.lines for act in play.acts)
    assert (play.title, play.ending, line) == (
        "A play",
        "Well",
        script.Line("carl", "says hello", "say", "hello {name}", {"reply": "hello"}),
    )


@pytest.mark.parametrize("name", script.names())
def test_every_play_here_can_be_played(name: str) -> None:
    play = script.load(name)
    assert play.acts[-1].lines[-1].then, "a play ends with what must follow"


@pytest.mark.parametrize("name", script.names())
def test_no_play_knows_which_versions_are_installed(name: str) -> None:
    text = (script.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert not re.findall(r"\d+\.\d+\.\d+", text)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('say = "hello {name}"', "", "a line does one thing"),
        ('say = "hello {name}"', 'say = "x"\nreview = {}', "a line does one thing"),
        ('say = "hello {name}"', 'sing = "x"', "nothing is called 'sing'"),
        ("reply", "applause", "nothing is called 'applause'"),
        ('"carl"', '"nobody"', "nobody is called 'nobody'"),
        ('title = "A play"', "", "is no play"),
        ('who = "carl"', "", "is no play"),
        ("[[acts]]", "[[acts", "is no play"),
    ],
)
def test_what_nobody_could_play_is_refused(before: str, after: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        script.parse("x", PLAY.replace(before, after))
    assert caught.value.code == "play"
    assert "\n" not in str(caught.value)


def test_an_unknown_play_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"unknown-play.*known: .*released"):
        script.load("../released")


@pytest.mark.parametrize("package", [deeds, follows])
def test_every_unit_says_what_it_does(package: ModuleType) -> None:
    for name in members.typed(package.__name__):
        one: Any = script.deed(name) if package is deeds else script.expectation(name)
        assert one.__doc__
        assert callable(one.do if package is deeds else one.look)
        with pytest.raises(ValueError, match=r"."):
            one.read({"what": "no file has"})


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (Edit("f", "two", "2"), "one\n2\nthree\n"),
        (Edit("f", drop="two"), "one\nthree\n"),
        (Edit("f", "two\n", "two\nmore\n"), "one\ntwo\nmore\nthree\n"),
    ],
)
def test_an_edit_changes_what_it_says(edit: Edit, text: str) -> None:
    assert edited("one\ntwo\nthree\n", edit) == text


@pytest.mark.parametrize("edit", [Edit("f", "four", "4"), Edit("f", drop="four"), Edit("f", "two", "two")])
def test_an_edit_that_changes_nothing_is_a_fault_of_the_play(edit: Edit) -> None:
    with pytest.raises(UserError, match="nothing to edit"):
        edited("one\ntwo\nthree\n", edit)


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("review = {}", "review: event: Field required"),
        ('review = { event = "SING" }', "review: event: Input should be 'APPROVE'"),
        ("merge = {}", "merge: method: Field required"),
        ("say = 5", "say: Input should be an object"),
        ('say = { text = "x", consents = "nobody" }', "say: .*nobody is called 'nobody'"),
        ('say = { text = "x", consent = "mark" }', "say: consent: Unexpected"),
        ("run = \"say 'x\"", "run: .*No closing quotation"),
        ('run = { words = "x", until = "y" }', "run: .*until and audit go together"),
        ('open = { title = "x", branch = "y", body = "none.md" }', "open: .*there is no file 'none.md'"),
        ('push = { files = "none", branch = "x", message = "y" }', "push: .*there is no folder 'none'"),
        ('push = { files = "example", branch = "x", message = "y", edits = [{ path = "z", drop = "w" }] }',
         "push: .*example has no file 'z'"),
        ('change = { message = "x", edits = [{ path = "y" }] }', "change: edits.0: .*one of: before, drop"),
        ('export = ""', "export: an empty text"),
        ("update = 1", "update: Input should be a valid string"),
    ],
)  # fmt: skip
def test_a_deed_that_cannot_be_done_is_refused_when_the_play_is_read(stated: str, says: str) -> None:
    with pytest.raises(UserError, match=f"^{re.escape('error[play]: ')}{says}.*First: says hello"):
        script.parse("x", PLAY.replace('say = "hello {name}"', stated))


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("status = 7", "status: no command ends with 7, only with 0, 1"),
        ('status = "0"', "status: Input should be a valid integer"),
        ('reply = ""', "reply: an empty text"),
        ("label = 1", "label: Input should be a valid string"),
        ('steps = "ddx"', "steps: 'ddx' has other letters than dwsb"),
        ("prints = []", "prints: nothing, or an empty text, is always printed"),
        ('prints = "x"', "prints: Input should be a valid array"),
        ("trained = [1]", "trained: 1: Field required"),
        ('index = "1.2.3"', "index: Input should be a valid array"),
        ('check = { name = "x", conclusion = "fine" }', "check: conclusion: Input should be 'success'"),
        ('audit = { file = "x" }', "audit: done: Field required"),
    ],
)
def test_an_expectation_that_cannot_be_looked_at_is_refused_too(stated: str, says: str) -> None:
    with pytest.raises(UserError, match=re.escape(f"error[play]: {says}")):
        script.parse("x", PLAY.replace('reply = "hello"', stated))


@pytest.mark.parametrize("name", script.names())
def test_a_play_names_only_facts_that_there_are(name: str) -> None:
    text = (script.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    facts = {"tfmot", "models", "index", "indexes", "tensorflow", "version", "after", "release"}
    assert set(values.NAMED.findall(text)) <= facts | {"head", "number"}


def test_facts_are_filled_in_wherever_texts_are() -> None:
    stated = {"words": "build {tfmot} {now}", "edits": [{"before": "{now}"}], "most": 3}
    assert values.filled(stated, {"tfmot": "here", "now": "1"}) == {
        "words": "build here 1", "edits": [{"before": "1"}], "most": 3,
    }  # fmt: skip


def test_what_no_fact_is_called_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"nothing is called \{verison\}; known: after, version"):
        values.filled(["plan {verison}"], {"version": "1", "after": "2"})
