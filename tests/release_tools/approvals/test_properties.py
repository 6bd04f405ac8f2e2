"""What holds whatever happens: of pushes, of people without a role, of the order of reading, of verdicts."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import process
from hypothesis import given, settings
from hypothesis import strategies as st
from process import (
    ANOTHER,
    BOT,
    BUTLER,
    CARL,
    DIGEST,
    GHOST,
    HEAD,
    MARK,
    MONA,
    OLD,
    OLGA,
    OMAR,
    OTHER,
    STAN,
    Process,
    found,
    record,
)

from convergence.model import Outcome
from release_tools.approvals.facts import Likeness, Minimum, Push, Unknown
from release_tools.approvals.steps import Progress, Step, TechniqueState
from release_tools.model import ReviewState

EVERYBODY = (MONA, MARK, OLGA, OMAR, STAN, CARL, BOT, GHOST)
NOBODIES = (STAN, BOT, BUTLER, GHOST, CARL)
WORDS = (
    "/home official because",
    "/home fork because",
    "/home official",
    f"/approve @{HEAD}",
    f"/approve @{OLD}",
    "/approve",
    "/record-approval #issuecomment-1",
    "/record-approval #issuecomment-3",
    "/converge pruning",
    "/status",
    "Thanks!",
)
Event = Callable[[Process], Any]


def _says(who: process.Person, words: str, edited: bool) -> Event:
    return lambda made: made.say(who, words, edited=edited)


def _reviews(who: process.Person, state: ReviewState, sha: str) -> Event:
    return lambda made: made.review(who, state, sha=sha)


def events(people: tuple[process.Person, ...]) -> st.SearchStrategy[list[Event]]:
    who = st.sampled_from(people)
    said = st.builds(_says, who, st.sampled_from(WORDS), st.booleans())
    given_ = st.builds(_reviews, who, st.sampled_from(list(ReviewState)), st.sampled_from([HEAD, OLD, ""]))
    return st.lists(st.one_of(said, given_), max_size=12)


STARTS = st.builds(
    lambda reached, home: reached(home),
    st.sampled_from([process.decided, process.approved, process.released, process.bumped, process.landed]),
    st.sampled_from(["official", "fork"]),
)


def done(state: TechniqueState) -> set[Step]:
    return {one.step for one in state.steps if one.progress is Progress.DONE}


def standing(state: TechniqueState) -> list[tuple[object, ...]]:
    """What the steps come to, and what they rest on."""
    return [
        (one.step, one.progress, one.why, one.next_actor, tuple(e for e in one.evidence if e.counts))
        for one in state.steps
    ]


@settings(max_examples=400)
@given(
    STARTS,
    st.one_of(st.just([]), events(EVERYBODY)),
    st.sampled_from(list(Likeness)),
    st.sampled_from([None, OLGA, MARK]),
    st.booleans(),
)
def test_a_push_never_adds_a_done_step(
    made: Process, said: list[Event], likeness: Likeness, final: process.Person | None, fresh: bool
) -> None:
    """Also where the commit has its checks already, and is the one that raises the minimum."""
    for event in [*said, *([_reviews(final, ReviewState.APPROVED, HEAD)] if final else [])]:
        event(made)
    before = done(made.state())
    made.push(OTHER, likeness)
    if not fresh and Step.STANDARDS in before:
        made.green(OTHER)  # so that it is not this step alone that goes
    if likeness is not Likeness.SAME:
        made.know(minimum=Minimum(True, "a requirement"))
    assert done(made.state()) <= before


@given(STARTS, events(NOBODIES))
def test_people_without_a_role_change_no_step(made: Process, said: list[Event]) -> None:
    before = standing(made.state())
    for event in said:
        event(made)
    assert standing(made.state()) == before


@given(STARTS, events(EVERYBODY), st.randoms(use_true_random=False))
def test_the_order_of_reading_changes_nothing(made: Process, said: list[Event], order: random.Random) -> None:
    for event in said:
        event(made)
    made.recorded(record(minutes=1), record(found(outcome=Outcome.INCONCLUSIVE), digest=ANOTHER, minutes=2))
    before = made.state()

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(order.sample(items, len(items)))

    snapshot = made.facts.snapshot
    assert isinstance(made.facts.records, tuple)
    assert isinstance(made.facts.pushes, tuple)
    made.know(
        snapshot=replace(
            snapshot,
            comments=mixed(snapshot.comments),
            reviews=mixed(snapshot.reviews),
            checks=mixed(snapshot.checks),
        ),
        records=mixed(made.facts.records),
        pushes=mixed(made.facts.pushes),
    )
    assert made.state() == before


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("push"), st.sampled_from(list(Likeness))),
        st.tuples(st.just("back"), st.integers(0, 5)),
        st.tuples(st.just("converge"), st.sampled_from(list(Outcome))),
        st.tuples(st.just("approve"), st.none()),
    ),
    max_size=14,
)


@given(st.sampled_from(["official", "fork"]), MOVES)
def test_no_pushes_and_no_asking_again_turn_a_verdict_of_the_same_content(
    home: str, moves: list[tuple[str, Any]]
) -> None:
    made = process.decided(home)
    made.know(records=(), examples={HEAD: "0"})
    heads, failed = [HEAD], set()
    for number, (what, how) in enumerate(moves):
        if what == "push":
            heads.append(f"{number:040x}")
            made.push(heads[-1], how)
        elif what == "back":
            back = heads[how % len(heads)]
            made.pull(head_sha=back)
            assert isinstance(made.facts.pushes, tuple)
            made.know(pushes=(*made.facts.pushes, Push(made.now(), back)))
        elif what == "converge":
            made.recorded(record(found(outcome=how), head=made.facts.head, minutes=made.minute + 5))
            failed |= {made.facts.examples[made.facts.head]} if how is Outcome.NOT_REPRODUCED else set()
        else:
            made.review(MONA, sha=made.facts.head)
            made.say(OLGA, f"/approve @{made.facts.head}")
        if made.facts.examples[made.facts.head] in failed:
            state = made.step(Step.APPROVED)
            assert (state.progress, state.why.startswith("NOT_REPRODUCED")) == (Progress.BLOCKED, True)


@given(st.lists(st.tuples(st.sampled_from([DIGEST, ANOTHER]), st.sampled_from(list(Outcome))), max_size=8))
def test_what_is_approved_has_no_verdict_against_it(asked: list[tuple[str, Outcome]]) -> None:
    made = process.decided("fork")
    made.know(records=())
    for number, (digest, outcome) in enumerate(asked):
        made.recorded(record(found(outcome=outcome), digest=digest, minutes=100 + number))
    made.review(MONA)
    if made.step(Step.APPROVED).progress is Progress.DONE:
        last = asked[-1][0]
        outcomes = {outcome for digest, outcome in asked if digest == last}
        assert Outcome.REPRODUCED in outcomes
        assert Outcome.NOT_REPRODUCED not in outcomes


@given(STARTS, events(EVERYBODY), st.booleans())
def test_from_the_fourth_on_nothing_is_done_before_its_turn(
    made: Process, said: list[Event], checked: bool
) -> None:
    if not checked:
        made._snapshot(checks=())
    for event in said:
        event(made)
    for number, state in enumerate(made.state().steps):
        if number >= 3 and state.progress is Progress.DONE:
            assert made.state().complete_to(state.step)


@given(STARTS, events((MARK, OMAR, STAN)), st.data())
def test_what_cannot_be_told_is_never_done(made: Process, said: list[Event], data: st.DataObject) -> None:
    """Whichever of the facts are unknown, no more is done than before."""
    for event in said:
        event(made)
    before = done(made.state())
    names = ("records", "published", "minimum", "landing", "installed", "pushes")
    hidden = data.draw(st.sets(st.sampled_from(names)))
    made.know(**{name: Unknown("hidden") for name in hidden})
    unread = data.draw(st.sets(st.sampled_from(sorted(made.facts.teams))))
    made.know(teams={name: None if name in unread else ids for name, ids in made.facts.teams.items()})
    if data.draw(st.booleans()):
        made.know(likeness={}, examples={})
    assert done(made.state()) <= before
