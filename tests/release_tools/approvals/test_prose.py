"""What people read: golden comments, and what becomes of text from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import process
import pytest
from process import DIGEST, MONA, OLGA, OTHER, STAN, Process, approved, decided, landed, record, released

from convergence.model import Outcome
from release_tools.approvals import frame, prose
from release_tools.approvals.facts import Likeness, Unknown
from release_tools.approvals.steps import Actor, Progress, Step, StepState, TechniqueState
from release_tools.model import ReviewState


def waiting() -> Process:
    """MOT has approved; Official Models, which spoke of an older commit, has not; a stranger has."""
    made = decided()
    made.say(STAN, f"/approve @{process.HEAD}")
    made.review(MONA)
    return made


def stale() -> Process:
    """A push after all had approved."""
    made = approved()
    made.push(OTHER)
    made.green(OTHER)
    return made


def blocked() -> Process:
    """A number that was not reproduced."""
    made = decided()
    made.recorded(record(process.found(outcome=Outcome.NOT_REPRODUCED), minutes=90))
    return made


def carried() -> Process:
    """The minimum is bumped, and the approvals carry over."""
    made = released()
    made.push(OTHER, Likeness.BUMPED)
    made.green(OTHER)
    made.know(minimum=process.Minimum(True, "official/requirements.txt: >=0.8.2"))
    return made


def rehearsed() -> Process:
    """A policy in which smoke stands for full."""
    made = decided("fork")
    made.policy = process.REHEARSAL
    made.know(records=())
    made.recorded(record(process.found(process.asked.ACCURACY), minutes=100))
    return made


STORIES: dict[str, Callable[[], Process]] = {
    "beginning": Process,
    "waiting": waiting,
    "stale": stale,
    "blocked": blocked,
    "carried": carried,
    "rehearsed": rehearsed,
    "done": landed,
}


@pytest.mark.parametrize("name", STORIES)
def test_the_comment_reads_as_it_should(goldens: Path, name: str) -> None:
    comment = prose.comment(STORIES[name]().state())
    assert comment == (goldens / f"process-{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STORIES)
def test_the_terminal_reads_as_it_should(goldens: Path, name: str) -> None:
    shown = "\n".join(prose.plain(STORIES[name]().state())) + "\n"
    assert shown == (goldens / f"process-{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STORIES)
def test_equal_states_read_the_same(name: str) -> None:
    assert prose.comment(STORIES[name]().state()) == prose.comment(STORIES[name]().state())


EVIL = "@tensorflow/everyone <img src=x> | `x` \n# big [a](http://evil.example) \u202e https://evil.example"


def test_text_from_outside_calls_nobody_and_does_nothing() -> None:
    made = Process()
    made.say(OLGA, f"/home official {' '.join(EVIL.split())}".replace("\u202e", ""))
    made.know(published=Unknown(EVIL), records=Unknown(EVIL))
    made.green(title=EVIL)
    shown = prose.comment(made.state())
    assert "@tensorflow" not in shown
    assert "<img" not in shown
    assert "](http://evil" not in shown
    assert "https://evil" not in shown
    rows = [line for line in shown.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == 7


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x/) [a](https://evil.example", "https://x/ y", "https://x/|", ""]
)
def test_an_address_that_is_none_is_no_link(url: str) -> None:
    made = Process()
    made.green(url=url)
    assert "([see]" not in prose.comment(made.state()).splitlines()[8]


def test_a_line_to_copy_can_be_copied() -> None:
    """Where GitHub would link a mention we put an invisible character; not into what is to be copied."""
    made = waiting()
    (line,) = [one for one in prose.comment(made.state()).splitlines() if one.startswith("/approve")]
    made.say(OLGA, line)
    assert made.step(Step.APPROVED).progress is Progress.DONE


def test_three_thousand_comments_fit() -> None:
    made = approved()
    for _ in range(3000):
        made.say(STAN, f"/approve @{process.HEAD}")
    shown = prose.comment(made.state())
    assert len(shown) < 65_536
    assert "more" in shown


@pytest.mark.parametrize(
    ("story", "row"),
    [
        (waiting, ("pruning", "#3", "4 approved", "waiting", "Official Models")),
        (blocked, ("pruning", "#3", "4 approved", "blocked", "the contributor")),
        (landed, ("pruning", "#3", "done", "", "")),
    ],
)
def test_a_row(story: Callable[[], Process], row: tuple[str, ...]) -> None:
    assert prose.columns(story().state()) == row


@pytest.mark.parametrize(("story", "line"), [(waiting, "●●●○○○○"), (stale, "●●●◌○○○"), (blocked, "●●●✕○○○")])
def test_a_sign_a_step(story: Callable[[], Process], line: str) -> None:
    assert prose.steps_line(story().state()) == line


@pytest.mark.parametrize(
    ("story", "technique", "number"), [(waiting, "pruning", 11873), (stale, "quantization", 11790)]
)
def test_readme_shows_a_row_as_it_is(story: Callable[[], Process], technique: str, number: int) -> None:
    state = replace(story().state(), technique=technique, pull_request=number)
    name, pull, *rest = prose.columns(state)
    row = " ".join([name, pull, prose.steps_line(state), *rest])
    readme = Path(__file__).parents[3] / "README.md"
    assert row in [" ".join(line.split()) for line in readme.read_text(encoding="utf-8").splitlines()]


def test_every_step_has_its_sentence() -> None:
    assert set(frame.STEPS) == set(Step)
    assert set(frame.SIGNS) == {one.value for one in Progress}
    assert DIGEST[:12] in prose.comment(approved().state()).replace("\u2060", "")
    assert ReviewState.APPROVED


def test_a_reason_sends_no_escape_sequence_to_a_terminal() -> None:
    state = StepState(Step.STANDARDS, Progress.WAITING, "a\x1b[2Jb\nc", Actor.MOT)
    said = list(prose.plain(TechniqueState("pruning", "o/r", 3, process.HEAD, (state,))))
    assert said[1] == "3  waiting  standards: a\\x1b[2Jb c"
