"""What must follow a line: each check holds for the fact that it wants, and for no other."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asked import write_wheel

from release_tools.model import marker
from release_tools.rehearsal import script
from release_tools.rehearsal.deeds import Done
from release_tools.sandbox import checks, comments, labels, pulls
from release_tools.sandbox.world import World

STEPS = ("done", "done", "waiting")


@pytest.fixture
def stage(tmp_path: Path) -> Any:
    """A pull request with a reply, a verdict, a label and a check; a tag; a wheel; requests; an audit."""
    world = World(tmp_path / "github")
    mona = world.user("mona")
    organization = world.organization("t")
    models = world.repository(organization, "models", {"x": ""})
    tfmot = world.repository(organization, "tfmot", {"x": ""})
    for branch in ("topic", "floor"):
        world.commit(models, branch, {branch: ""}, mona, start="master")
    pull = pulls.open_pull(world, models, mona, "The play's", "topic", "master")
    pulls.open_pull(world, models, mona, "Require 1.2.3", "floor", "master")
    assert pull.pull
    asked = comments.write(world, models, pull, mona, "/home official")
    comments.write(world, models, pull, mona, f"**This counts**\n\n{marker(f'reply-{asked.id}')}")
    comments.write(world, models, pull, mona, f"### Reproduced\n\n{marker('converge')}")
    labels.set_labels(world, models, pull, ["mot: home", "other"], mona)
    checks.create(
        world, models, mona, {"name": "MOT", "head_sha": pull.pull.head_sha, "conclusion": "success"}
    )
    tfmot.git.set_ref("refs/tags/v1", tfmot.git.ref("refs/heads/master"))
    for index in (2, 10):
        scores = tmp_path / "runs" / str(index) / "scores"
        scores.mkdir(parents=True)
        for name in ("a", "b") if index == 2 else ("b", "c", "d"):
            (scores / f"{name}.json").touch()
    write_wheel(tmp_path / "wheels")
    (tmp_path / "audit.jsonl").write_text(
        "".join(json.dumps({"step": step, "state": "done"}) + "\n" for step in ("gate", "tag", "tag"))
    )
    return SimpleNamespace(
        world=world, models=models, tfmot=tfmot, issue=pull, pull=pull, head=pull.pull.head_sha,
        mona=mona, folder=tmp_path, at=lambda _: tmp_path,
        index=SimpleNamespace(folder=tmp_path / "wheels", uploads=0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("reply", "This counts", "That counts"),
        ("verdict", "Reproduced", "Not reproduced"),
        ("check", {"name": "MOT", "conclusion": "success"}, {"name": "MOT", "conclusion": "failure"}),
        ("check", {"name": "MOT", "conclusion": "success"}, {"name": "Other", "conclusion": "success"}),
        ("label", "home", ""),
        ("label", "home", "standards"),
        ("tag", "v1", "v2"),
        ("offered", "1.2.3", "1.2.4"),
        ("offered", "1.2.3", "The play's"),
        ("index", [], ["1.2.3"]),
        ("trained", [2, 1], [3, 0]),
        ("trained", [2, 1], [2, 0]),
        (
            "audit",
            {"file": "audit.jsonl", "done": ["gate", "tag"]},
            {"file": "audit.jsonl", "done": ["tag", "gate"]},
        ),
        (
            "audit",
            {"file": "audit.jsonl", "done": ["gate", "tag"]},
            {"file": "none.jsonl", "done": ["gate", "tag"]},
        ),
    ],
)
def test_a_check_holds_for_what_it_wants_and_for_nothing_else(
    stage: Any, name: str, right: Any, wrong: Any
) -> None:
    unit = script.expectation(name)
    assert unit.look(stage, Done(), unit.read(right)).passed
    found = unit.look(stage, Done(), unit.read(wrong))
    assert not found.passed
    assert found.seen


def test_an_answer_to_an_earlier_comment_is_none_to_the_last(stage: Any) -> None:
    comments.write(stage.world, stage.models, stage.pull, stage.mona, "/approve")
    found = script.expectation("reply").look(stage, Done(), "This counts")
    assert (found.passed, found.seen) == (False, "no answer")


@pytest.mark.parametrize("name", ["reply", "verdict"])
def test_what_is_seen_of_an_answer_is_what_people_read(stage: Any, name: str) -> None:
    seen = script.expectation(name).look(stage, Done(), "something else").seen
    assert seen
    assert not {"#", "*", "`"} & set(seen)


def test_the_steps_are_those_that_status_tells(stage: Any) -> None:
    from release_tools.approvals.steps import Progress

    stage.states = lambda _: (
        SimpleNamespace(steps=[SimpleNamespace(progress=Progress(one)) for one in STEPS]),
    )
    look = script.expectation("steps").look
    assert look(stage, Done(), "ddw").passed
    assert not look(stage, Done(), "ddd").passed
    stage.states = lambda _: ()
    assert (look(stage, Done(), "ddw").passed, look(stage, Done(), "ddw").seen) == (
        False,
        "it cannot be told",
    )


def test_what_was_trained_again_was_not_taken_over(stage: Any) -> None:
    for index, content in ((2, "as before"), (10, "anew")):
        path = stage.folder / "runs" / str(index) / "trained-1" / "job" / "b.training.json"
        path.parent.mkdir(parents=True)
        path.write_text(content)
    found = script.expectation("trained").look(stage, Done(), (2, 1))
    assert (found.passed, found.seen) == (False, "2 trained, 1 taken over, but trained again")


def test_a_second_upload_of_a_version_is_seen(stage: Any) -> None:
    stage.index.uploads = 1
    assert not script.expectation("index").look(stage, Done(), ()).passed
