"""Scripts of plays: what is read of them, and what nobody could play."""

from __future__ import annotations

import re

import pytest

from convergence.model import UserError
from release_tools.rehearsal import deeds, follows, script
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
def test_every_unit_says_what_it_does(package: object) -> None:
    for name in script.units(package):  # type: ignore[arg-type]
        module = script.unit(package, name)  # type: ignore[arg-type]
        assert module.__doc__
        assert callable(getattr(module, "do" if package is deeds else "look"))


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
