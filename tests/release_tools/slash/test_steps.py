"""What is said to the seven steps, from the event to the reply, held by golden files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import process
import pytest
from scene import _numbered
from town import Town
from walk import Walk

from release_tools import slash
from release_tools.sandbox import comments, inprocess
from release_tools.slash import Command, Problem


@pytest.fixture
def walk(town: Town, tmp_path: Path) -> Iterator[Walk]:
    with inprocess.connected(town.gateway):
        yield Walk(town, tmp_path, "official", "full")


def transcript(walk: Walk) -> str:
    """Who said what, and how we reacted; addresses and commits are numbered as they appear."""
    shown = []
    for one in walk.issue.comments:
        reactions = ", ".join(reaction.content for reaction in one.reactions)
        shown += [f"## {one.user.login}{f' ({reactions})' if reactions else ''}", one.body.strip()]
    links: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[0] not in links:
            links.append(found[0])
        return f"comment-{links.index(found[0]) + 1}"

    text = re.sub(r"issuecomment-[0-9]+", number, "\n\n".join(shown) + "\n")
    return _numbered(re.sub(r"runs/[0-9]+|pullrequestreview-[0-9]+", "…", text))


def home(walk: Walk) -> None:
    walk.say(walk.stan, "/home official because I say so")
    walk.say(walk.olga, "/home official")
    walk.say(walk.olga, "/home somewhere users ask for it")
    walk.say(walk.olga, "/home official users of MobileNet ask for it, see @tensorflow/everyone")


def approve(walk: Walk) -> None:
    walk.say(walk.olga, "/home official users ask for it")
    walk.say(walk.olga, "/approve")
    walk.say(walk.olga, f"/approve @{walk.head[:8]}")
    walk.say(walk.mark, f"/approve @{walk.head}")
    walk.say(walk.olga, f"/approve @{walk.head}")


def record_approval(walk: Walk) -> None:
    said = comments.write(walk.world, walk.base, walk.issue, walk.olga, "Fine to depend on it.")
    others = comments.write(walk.world, walk.base, walk.issue, walk.stan, "Ship it!")
    link = f"https://github.com/{walk.base.full_name}/pull/{walk.issue.number}#issuecomment-"
    walk.say(walk.stan, f"/record-approval {link}{said.id}")
    walk.say(walk.mark, f"/record-approval {link}{others.id}")
    walk.say(walk.mark, "/record-approval the one above")
    walk.say(walk.mark, f"/record-approval {link}{said.id}")


def status(walk: Walk) -> None:
    walk.say(walk.stan, "/status")
    walk.say(walk.stan, "/status please")
    walk.look()
    walk.say(walk.stan, "/status")


def no_technique(walk: Walk) -> None:
    walk.issue.body = "Fix a typo"
    walk.say(walk.olga, f"/approve @{walk.head}")
    walk.say(walk.olga, "/status")


STORIES: dict[str, Callable[[Walk], None]] = {
    "steps-home": home,
    "steps-approve": approve,
    "steps-record-approval": record_approval,
    "steps-status": status,
    "steps-no-technique": no_technique,
}


@pytest.mark.parametrize("name", STORIES)
def test_the_conversation(walk: Walk, goldens: Path, name: str) -> None:
    STORIES[name](walk)
    path = goldens / "conversation" / f"{name}.md"
    assert transcript(walk) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        ("/home official users ask for it", ("home", {"where": "official", "reason": "users ask for it"})),
        ("/HOME FORK x=1 @sha tier=full", ("home", {"where": "fork", "reason": "x=1 @sha tier=full"})),
        (f"/approve @{process.HEAD}", ("approve", {"sha": process.HEAD})),
        ("/approve", ("approve", {"sha": ""})),
        ("/record-approval #issuecomment-1", ("record-approval", {"link": "#issuecomment-1"})),
        ("/status", ("status", {})),
    ],
)
def test_what_is_understood(body: str, request_: tuple[str, dict[str, str]]) -> None:
    heard = slash.parse(body)
    assert isinstance(heard, Command)
    assert (heard.name, vars(heard.request)) == request_
    assert not slash.starts(heard)


@pytest.mark.parametrize(
    "body",
    [
        "/home",
        "/home nowhere x",
        "/approve @main",
        "/approve @abc",
        "/approve please",
        "/approve sha=",
        "/record-approval",
        "/record-approval a b",
        "/status pruning",
        "/home official \u200b",
        "/home official .",
        "/home fork \u3164",
        "/home fork \u2800 \u2800",
    ],
)
def test_what_is_not_understood_is_said(body: str) -> None:
    assert isinstance(slash.parse(body), Problem)


def test_a_reply_is_given_once(walk: Walk) -> None:
    said = walk.say(walk.olga, "/home official users ask for it")
    before = len(walk.issue.comments)
    walk.answer(said)
    assert len(walk.issue.comments) == before


def test_what_was_edited_meanwhile_does_not_count(walk: Walk) -> None:
    said = comments.write(walk.world, walk.base, walk.issue, walk.olga, "/home official users ask for it")
    walk.world.events.deliver()
    comments.edit(walk.world, walk.base, walk.issue, said, walk.mona, "/home fork it is")
    walk.answer(said.id)
    assert "changed after it was written" in walk.issue.comments[-1].body
