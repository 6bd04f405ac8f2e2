"""How a pull request reads: labels in one go, who stands how, checks in a sentence, readable colours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from release_tools.rehearsal.page import conversation
from release_tools.rehearsal.portrait import Check, Label, Moment, Pull, State, What, Who

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
CARL, MONA, BOT = Who("carl", "CONTRIBUTOR"), Who("mona", "MEMBER"), Who("helpful[bot]", bot=True)


def moment(what: What, by: Who = MONA, label: str = "", text: str = "", minutes: int = 0) -> Moment:
    at = BEGAN + timedelta(minutes=minutes)
    return Moment(what, by, at, text, label=Label(label, "ededed") if label else None)


def pull(*timeline: Moment) -> Pull:
    return Pull("t/m", 1, "A", CARL, BEGAN, "", State.OPEN, "master", "carl:x", "1f" * 20, timeline=timeline)


def check(conclusion: str = "success", status: str = "completed") -> Check:
    return Check("standards", "1f" * 20, "helpful[bot]", status, conclusion, BEGAN)


def test_labels_of_one_person_in_a_row_are_one_item() -> None:
    timeline = [
        moment(What.UNLABELED, label="a"),
        moment(What.LABELED, label="b"),
        moment(What.LABELED, BOT, "c"),
        moment(What.COMMENTED, text="x"),
        moment(What.LABELED, label="d"),
    ]
    items = conversation.items(timeline)
    found = [([one.name for one in item.put], [one.name for one in item.taken]) for item in items]
    assert found == [(["b"], ["a"]), (["c"], []), ([], []), (["d"], [])]
    assert [item.labels for item in items] == [True, True, False, True]


@pytest.mark.parametrize(
    ("what", "text", "card"),
    [
        (What.COMMENTED, "", True),
        (What.APPROVED, "", False),
        (What.APPROVED, "Fine.", True),
        (What.MERGED, "", False),
    ],
)
def test_what_is_said_has_a_frame(what: What, text: str, card: bool) -> None:
    (item,) = conversation.items([moment(what, text=text)])
    assert item.card is card


def test_every_kind_of_moment_has_a_sign_or_a_frame() -> None:
    assert set(conversation.SIGNS) | {What.COMMENTED} == set(What)
    assert set(conversation.STATES) == set(State)


@pytest.mark.parametrize(
    ("who", "marks"),
    [
        (CARL, ["Contributor", "Author"]),
        (MONA, ["Member"]),
        (BOT, []),
        (replace(MONA, association="NONE"), []),
    ],
)
def test_marks_beside_a_name(who: Who, marks: list[str]) -> None:
    assert list(conversation.standing(pull(), who)) == marks


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ([check(), check("neutral")], ("All checks have passed", "✓", "good")),
        ([check(), check("failure")], ("1 of 2 checks not successful", "✕", "bad")),
        ([check(), check("", "queued")], ("1 of 2 checks not completed", "●", "open")),
        ([check("", "in_progress"), check("timed_out")], ("1 of 2 checks not successful", "✕", "bad")),
    ],
)
def test_checks_in_a_sentence(checks: list[Check], said: tuple[str, str, str]) -> None:
    assert conversation.summary(checks) == said


def test_a_check_in_a_word() -> None:
    words = [conversation.told(one) for one in (check("action_required"), check("", "in_progress"))]
    assert words == ["action required", "in progress"]


def test_the_last_verdict_of_each_reviewer_counts() -> None:
    made = pull(
        moment(What.REQUESTED, MONA),
        moment(What.APPROVED, Who("olga"), minutes=1),
        moment(What.REVIEWED, MONA, minutes=2),
        moment(What.APPROVED, MONA, minutes=3),
    )
    assert [(who, said) for who, said, _ in conversation.reviewers(made)] == [
        ("mona", "approved"),
        ("olga", "approved"),
    ]


def test_who_merged() -> None:
    assert conversation.merger(pull(moment(What.COMMENTED, CARL), moment(What.MERGED, MONA))) == "mona"
    assert conversation.merger(pull(moment(What.CLOSED, CARL))) == ""


@pytest.mark.parametrize(
    "color", ["ededed", "000000", "ffffff", "0e8a16", "d73a4a", "777777", "fbca04", "5319e7"]
)
def test_labels_can_be_read(color: str) -> None:
    light = conversation._light(color)
    ratio = (1.05 / (light + 0.05)) if conversation.ink(color) == "#ffffff" else (light + 0.05) / 0.05
    assert ratio >= 4.5


@pytest.mark.parametrize("color", ["", "red", "12345", "zzzzzz", "0;color:#f", '";}"x'])
def test_what_is_no_colour_is_grey(color: str) -> None:
    assert (conversation.paint(color), conversation.ink(color)) == ("#ededed", "#000000")


def test_a_person_keeps_a_colour() -> None:
    assert conversation.avatar("mona") == conversation.avatar("mona")
    assert {conversation.avatar(f"user{i}") for i in range(99)} == set(range(conversation.AVATARS))
