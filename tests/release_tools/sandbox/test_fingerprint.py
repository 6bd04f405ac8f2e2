"""The fingerprint of a world shows all that people see, and nothing of how often somebody called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from fingerprint import fingerprint
from scene import Scene

from release_tools.model import Permission
from release_tools.sandbox import checks, comments, labels, pulls, releases, reviews, runs
from release_tools.sandbox.world import World


def conversation(folder: Path, *, later: bool = False) -> Scene:
    """Two people are answered; `later`: after calls that left nothing, so that ids and times are others."""
    scene = Scene(folder)
    if later:
        for _ in range(1234):
            scene.world.ids.next()
        scene.world.clock.advance(hours=5)
    scene.push()
    scene.say(scene.mona, f"/converge pruning @{scene.head}")
    scene.say(scene.stan, "/converge")
    us = scene.us
    made = releases.create(scene.world, scene.models, us, {"tag_name": "v1", "body": f"of {scene.head}"})
    releases.attach(scene.world, made, us, "a.txt", scene.head.encode(), "text/plain")
    return scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Whatever was changed in it already."""
    return conversation(tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return fingerprint(conversation(tmp_path_factory.mktemp("seen")).world)


def test_ids_and_times_are_not_seen(tmp_path: Path, seen: Mapping[str, str]) -> None:
    assert fingerprint(conversation(tmp_path, later=True).world) == seen
    assert fingerprint(World(tmp_path / "empty")) == {}


def test_it_is_read_by_people(seen: Mapping[str, str]) -> None:
    assert {key.partition(" ")[2] for key in seen if key.startswith("tensorflow/models ")} >= {
        "#1", "#3", "branch master", "release v1", "tag v1", "settings", "runs",
    }  # fmt: skip
    assert "comment by mona ['eyes of github-actions[bot]']:" in seen["tensorflow/models #1"]


def another(scene: Scene) -> None:
    scene.world.commit(scene.fork, "more", {"more.py": "1\n"}, scene.carl, start="master")
    pulls.open_pull(scene.world, scene.models, scene.carl, "Again", "carl:more", "master")


Change = Callable[[Scene], object]
CHANGES: Mapping[str, Change] = {
    "a comment twice": lambda s: comments.write(s.world, s.models, s.pull, s.us, s.pull.comments[-1].body),
    "a comment lost": lambda s: s.pull.comments.pop(),
    "a comment's word": lambda s: setattr(s.pull.comments[0], "body", "/converge"),
    "a reaction": lambda s: comments.react(s.world, s.pull.comments[0].reactions, s.us, "heart"),
    "a label": lambda s: labels.set_labels(s.world, s.models, s.pull, ["new"], s.us),
    "a check twice": lambda s: checks.create(
        s.world,
        s.models,
        s.us,
        {"name": "convergence", "head_sha": s.head, "output": {"title": "t", "summary": "s"}},
    ),
    "a check's conclusion": lambda s: setattr(next(iter(s.models.checks.values())), "conclusion", "failure"),
    "a branch": lambda s: s.models.git.set_ref("refs/heads/x", s.models.git.ref("HEAD")),
    "a branch that is elsewhere": lambda s: s.models.git.set_ref("refs/heads/branch", s.head),
    "a file": lambda s: s.world.commit(s.models, "branch", {"x": "1"}, s.mona),
    "a tag": lambda s: s.models.git.set_ref("refs/tags/v2", s.models.git.ref("HEAD")),
    "a tag that is elsewhere": lambda s: s.models.git.set_ref("refs/tags/v1", s.head),
    "a release": lambda s: releases.create(s.world, s.models, s.us, {"tag_name": "v3"}),
    "a file of a release": lambda s: next(iter(s.models.releases.values())).assets.clear(),
    "a pull request": another,
    "a state": lambda s: pulls.set_state(s.world, s.models, s.pull, "closed", s.mona),
    "a review": lambda s: reviews.give(s.world, s.models, s.pull, s.mona, "APPROVE", ""),
    "a run": lambda s: runs.start(s.world, s.models, "x.yml", "push", s.mona),
    "a collaborator": lambda s: s.models.collaborators.update({s.stan.id: Permission.READ}),
    "a repository": lambda s: s.world.fork(s.models, s.stan),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_whatever_people_would_see_shows(scene: Scene, change: str) -> None:
    before = fingerprint(scene.world)
    CHANGES[change](scene)
    assert fingerprint(scene.world) != before


def test_uploads_are_seen_by_their_content(tmp_path: Path) -> None:
    from asked import write_wheel

    world, index = World(tmp_path / "world"), tmp_path / "index"
    assert fingerprint(world, index) == {}
    write_wheel(index)
    first = fingerprint(world, index)
    assert [key for key in first if key.endswith(".whl")] == [
        "index tensorflow_model_optimization-1.2.3-py2.py3-none-any.whl"
    ]
    write_wheel(index, b"x = 2\n")
    assert fingerprint(world, index) != first
