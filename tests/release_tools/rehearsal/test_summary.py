"""What follows from the lines of a summary."""

from __future__ import annotations

from rehearsed import acts

from release_tools.rehearsal.summary import Act, Line, Summary


def summary(*made: Act) -> Summary:
    return Summary("A title", "An ending", "", made)


def test_a_play_passed_when_all_of_its_expectations_do() -> None:
    good, bad = summary(*acts(passed=True)), summary(*acts(passed=False))
    assert (good.passed, [act.passed for act in good.acts]) == (True, [True, True])
    assert (bad.passed, [act.passed for act in bad.acts]) == (False, [True, False])
    assert [one.passed for one in bad.follows] == [True, True, False]


def test_an_empty_summary_passed() -> None:
    assert (summary().passed, summary().seconds, list(summary().follows)) == (True, 0, [])


def test_seconds_add_up() -> None:
    act = Act("x", (Line("a", "b", seconds=1.5), Line("a", "b", seconds=2.0)))
    assert (act.seconds, summary(act, act).seconds) == (3.5, 7.0)
