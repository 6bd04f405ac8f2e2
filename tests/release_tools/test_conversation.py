"""Conversations on pull requests, from the event to what people read, held by golden files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scene import Scene

from convergence import claims
from convergence.errors import UserError
from release_tools import config, conversation
from release_tools.event import Event
from release_tools.model import GHOST, IssueComment, Person
from release_tools.plan import Plan
from release_tools.sandbox import comments, faults, pulls

MONA = Person("mona", 1)
SAID = IssueComment(7, MONA, "/converge", datetime(2026, 1, 1, tzinfo=UTC), "")
EVENT = Event("o/r", "master", 3, SAID, created=True, on_pull_request=True)


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (EVENT, True),
        (replace(EVENT, created=False), False),
        (replace(EVENT, on_pull_request=False), False),
        (replace(EVENT, comment=replace(SAID, body="Thanks")), False),
        (replace(EVENT, comment=replace(SAID, author=replace(MONA, bot=True))), False),
        (replace(EVENT, comment=replace(SAID, author=Person("copybara-service", 2))), False),
        (replace(EVENT, comment=replace(SAID, author=Person("x[bot]", 2))), False),
        (replace(EVENT, comment=replace(SAID, author=GHOST)), False),
    ],
)
def test_only_people_are_listened_to(event: Event, heard: bool) -> None:
    assert conversation.addressed(event) is heard


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def maintainer(scene: Scene) -> None:
    scene.say(scene.mona, "/converge pruning", scene.own)
    scene.say(scene.mona, "/converge status", scene.own)
    scene.say(scene.mona, "/converge help", scene.own)
    scene.say(scene.mona, "/converge prunng", scene.own)
    scene.say(scene.mona, "/converge pruning tier=full", scene.own)
    scene.say(scene.mona, "/converge pruning teir=full", scene.own)
    scene.say(scene.mona, "/converge pruning seeds=many", scene.own)


def maintainer_of_tfmot(scene: Scene) -> None:
    scene.app = True
    scene.say(scene.lena, f"/converge pruning @{scene.head}")
    scene.say(scene.tina, f"/converge quantization @{scene.head} seeds=2 tfmot=master")


def contributor(scene: Scene) -> None:
    scene.app = True
    scene.say(scene.carl, "/converge pruning")
    scene.say(scene.carl, "/converge status")
    scene.say(scene.carl, "/converge help")
    scene.say(scene.owen, "/converge status")


def stranger(scene: Scene) -> None:
    scene.app = True
    for body in ("/converge", "/converge status", "/converge @someone #1 <img src=x>", "/converged?"):
        scene.say(scene.stan, body)


def bots(scene: Scene) -> None:
    scene.say(scene.robot, "/converge pruning", scene.own)
    scene.say(scene.renovate, "/converge pruning", scene.own)
    scene.models.collaborators[scene.robot.id] = scene.models.collaborators[scene.mona.id]
    scene.say(scene.robot, "/converge pruning", scene.own)


def edited_comment(scene: Scene) -> None:
    said = scene.write(scene.mona, "/converge pruning", scene.own)
    created = scene.told[-1]
    comments.edit(scene.world, scene.models, scene.own, said, scene.mona, "/converge quantization")
    scene.world.events.deliver()
    scene.answer(scene.told[-1])
    scene.answer(created)


def deleted_comment(scene: Scene) -> None:
    said = scene.write(scene.mona, "/converge pruning", scene.own)
    created = scene.told[-1]
    comments.delete(scene.world, scene.models, scene.own, said, scene.mona)
    scene.answer(created)


def quoted_command(scene: Scene) -> None:
    for body in (
        "> /converge pruning",
        "```\n/converge pruning\n```",
        "<!--\n/converge pruning\n-->",
        "    /converge pruning",
        "Please\n/converge pruning",
        "`/converge pruning`",
    ):
        scene.say(scene.mona, body, scene.own)
    scene.say(scene.mona, "/converge pruning", scene.issue)


def fork(scene: Scene) -> None:
    scene.say(scene.mona, "/converge pruning seeds=1")
    scene.say(scene.mona, f"/converge pruning @{scene.head[:12]}")
    scene.say(scene.mona, f"/converge pruning @{scene.head}")


def moved_head(scene: Scene) -> None:
    before = scene.head
    scene.push()
    scene.say(scene.mona, f"/converge pruning @{before} tfmot=master")


def cancelled(scene: Scene) -> None:
    scene.app = True
    scene.say(scene.mona, "/converge cancel", scene.own)
    scene.say(scene.lena, f"/converge pruning @{scene.head}")
    scene.say(scene.stan, "/converge cancel")
    scene.say(scene.carl, "/converge cancel")
    scene.say(scene.lena, "/converge cancel")
    scene.say(scene.lena, "/converge cancel")


def cancelled_by_who_can_write(scene: Scene) -> None:
    scene.app = True
    scene.say(scene.lena, f"/converge pruning @{scene.head}")
    scene.say(scene.mona, f"/converge quantization @{scene.head}")
    scene.say(scene.mona, "/converge cancel")


def two_requests_at_once(scene: Scene) -> None:
    scene.write(scene.mona, "/converge pruning", scene.own)
    first = scene.told[-1]
    scene.write(scene.mona, "/converge quantization", scene.own)
    scene.answer(scene.told[-1])
    scene.answer(first)


def same_event_twice(scene: Scene) -> None:
    scene.write(scene.mona, "/converge pruning", scene.own)
    event = scene.told[-1]
    scene.answer(event)
    assert not any(isinstance(one, Plan) for one in scene.answer(event))
    scene.write(scene.mona, "/converge prunng", scene.own)
    event = scene.told[-1]
    scene.answer(event)
    scene.answer(event)


def policy_that_cannot_be_read(scene: Scene) -> None:
    scene.world.commit(scene.models, "master", {config.PATH: "[budget]\n"}, scene.mona)
    with pytest.raises(UserError, match=r"no such key; .github/release-tools.toml: budget"):
        scene.say(scene.mona, "/converge pruning", scene.own)
    scene.world.commit(scene.models, "master", {config.PATH: None, "README": ""}, scene.mona)
    with pytest.raises(UserError, match="there is no policy; tensorflow/models"):
        scene.say(scene.mona, "/converge pruning", scene.own)


def team_that_cannot_be_read(scene: Scene) -> None:
    scene.say(scene.tina, f"/converge pruning @{scene.head}")


def closed_pull_request(scene: Scene) -> None:
    pulls.set_state(scene.world, scene.models, scene.own, "closed", scene.mona)
    scene.world.events.deliver()
    scene.say(scene.mona, "/converge pruning", scene.own)


def proposed_claims(scene: Scene) -> None:
    accepted = (claims.FOLDER / "pruning.toml").read_text(encoding="utf-8")
    _, first, *_ = re.split(r"(?=^\[\[recipes\]\]$)", accepted, flags=re.MULTILINE)
    stated = re.sub(r"target = .*", "target = 99.0", first, count=1)
    scene.own.body = f"Mine is better.\n\n```toml claims pruning\n{stated}```\n"
    scene.say(scene.mona, "/converge pruning", scene.own)
    scene.own.body = "```toml claims pruning\n[[recipes]]\nname = '@someone'\n```\n"
    scene.say(scene.mona, "/converge pruning", scene.own)


STORIES: list[Callable[[Scene], None]] = [
    maintainer,
    maintainer_of_tfmot,
    contributor,
    stranger,
    bots,
    edited_comment,
    deleted_comment,
    quoted_command,
    fork,
    moved_head,
    cancelled,
    cancelled_by_who_can_write,
    two_requests_at_once,
    same_event_twice,
    policy_that_cannot_be_read,
    team_that_cannot_be_read,
    closed_pull_request,
    proposed_claims,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_conversation_reads_as_it_should(
    scene: Scene, goldens: Path, story: Callable[[Scene], None]
) -> None:
    story(scene)
    golden = goldens / "conversation" / f"{story.__name__.replace('_', '-')}.md"
    assert scene.transcript() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/issues/", "/contents/", "/commits/", "/permission$"])
def test_that_github_does_not_answer_is_no_answer_to_a_person(scene: Scene, path: str) -> None:
    """Nothing is said, the run fails, and repeated it does what was asked for."""
    said = scene.write(scene.mona, "/converge pruning", scene.own)
    scene.world.faults.add(faults.bad_gateway(), "GET", path, times=100)
    payload = scene.told[-1]
    with pytest.raises(UserError, match=r"error\[github-failing\]") as failed:
        scene.answer(payload)
    assert failed.value.passes
    assert (said.reactions, scene.own.comments, scene.plan.exists()) == ([], [said], False)
    scene.world.faults = faults.Faults()
    scene.answer(payload)
    assert ([one.content for one in said.reactions], scene.plan.exists()) == (["eyes"], True)
