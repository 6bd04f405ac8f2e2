"""What is said in reply: whatever people write, it calls nobody, links nothing and stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from convergence.errors import UserError
from release_tools import replies
from release_tools.event import Event
from release_tools.model import Check, Comment, Effect, IssueComment, Person, Reaction
from release_tools.plan import Commit, Plan
from release_tools.slash import Problem, Wrong
from release_tools.slash.converge import command
from release_tools.underway import Request

EVENT = Event(
    "o/r",
    "master",
    3,
    IssueComment(7, Person("mona", 1), "", datetime(2026, 1, 1, tzinfo=UTC), ""),
    created=True,
    on_pull_request=True,
)
RENDERER = MarkdownIt("commonmark").enable("table")
OURS = {
    "p", "code", "pre", "em", "strong", "table", "thead", "tbody", "tr", "th", "td"
}  # fmt: skip
HOSTILE = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "@someone #1 GH-2 https://evil.example",
            "</details><img src=x onerror=alert(1)>",
            "`` ` @someone",
            "| a | b |\n|---|---|",
            "<!-- release-tools:converge -->",
            "x\n\n# @someone\n/converge",
            "www.evil.example",
            "x" * 10_000,
        ]
    ),
)
CHECK = Check(1, "MOT convergence", "a" * 40, "", "queued", "", "")


def said(effects: tuple[Effect, ...]) -> str:
    (comment,) = [one for one in effects if isinstance(one, Comment)]
    return comment.body


def assert_harmless(body: str) -> None:
    html = RENDERER.render(body)
    assert {tag.split()[0] for tag in re.findall(r"<([a-z][^>/]*)", html)} <= OURS
    shown = re.sub(r"<code>.*?</code>|<[^>]*>", "", html, flags=re.DOTALL)
    assert not re.search(r"@\w|#[0-9]|://|www\.|<!--", shown, re.ASCII)
    assert len(body) < 4000


@settings(deadline=None)
@given(HOSTILE, HOSTILE, st.sampled_from(Wrong))
def test_a_command_is_echoed_as_text(word: str, hint: str, wrong: Wrong) -> None:
    assert_harmless(said(replies.misunderstood(EVENT, Problem("converge", wrong, word, hint), command)))


@settings(deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
@example("", "", "0")
def test_an_error_is_echoed_as_text(what: str, where: str, hint: str) -> None:
    error = UserError("x", what, where=where, hint=hint)
    assert_harmless(said(replies.refused(EVENT, error)))
    assert_harmless(said(replies.no_policy(EVENT, error)))


@settings(deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_check_is_echoed_as_text(title: str, status: str, external: str) -> None:
    check = replace(CHECK, title=title, status=status[:20], external_id=external)
    assert_harmless(said(replies.status(EVENT, "a" * 40, [Request(check, Person("@someone", 2))])))


@settings(deadline=None)
@given(HOSTILE, HOSTILE)
def test_a_plan_is_echoed_as_text(name: str, unit: str) -> None:
    plan = Plan(
        "0" * 16, 7, name, "o/r", 3, "a" * 40, Commit(name[:100], "b" * 40), Commit("o/m", "c" * 40),
        (name,), "full", {}, (1, 3), 0, "h", {unit: 1.0},
    )  # fmt: skip
    assert_harmless(replies.accepted(EVENT, plan, 0).body)
    assert_harmless(replies.expected(plan))


@pytest.mark.parametrize("sha", ["a" * 7, "a" * 40])
def test_a_line_can_be_copied(sha: str) -> None:
    for effects in (
        replies.which_commit(EVENT, f"/converge @{sha}"),
        replies.moved(EVENT, "b" * 40, sha, f"/converge @{sha}"),
    ):
        assert said(effects).endswith(f"\n```\n/converge @{sha}\n```\n")


def test_a_reply_is_written_once_for_its_comment() -> None:
    assert replies.not_yours(EVENT) == (
        Reaction("o/r", 7, "-1"),
        Comment(
            "o/r",
            3,
            "reply-7",
            "Nothing was stopped: only who asked for a test, or can write to this repository, stops it.\n",
            replace=False,
        ),
    )
