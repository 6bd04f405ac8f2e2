"""GitHub's picture: all that there is to see, and nothing of it changed."""

from __future__ import annotations

import pytest
from rehearsed import NOTES, Rehearsed

from release_tools.rehearsal import drawing
from release_tools.rehearsal.portrait import Asset, Pull, Repository, State
from release_tools.sandbox import checks, merging, pulls


def drawn(made: Rehearsed, name: str = "tensorflow/models") -> Repository:
    return next(one for one in drawing.draw(made.world).repositories if one.name == name)


def first(made: Rehearsed) -> Pull:
    return drawn(made).pulls[0]


def test_a_pull_request_is_all_that_its_page_shows(played: Rehearsed) -> None:
    pull = first(played)
    assert (pull.name, pull.title, pull.by.login) == ("tensorflow/models#1", "Pruning of digits", "carl")
    assert (pull.base, pull.head, pull.head_sha) == ("master", "carl:pruning", played.head)
    assert (pull.state, pull.url) == (State.MERGED, "https://github.com/tensorflow/models/pull/1")
    assert [one.name for one in pull.labels] == ["mot: approved", "technique:pruning"]
    assert [one.subject for one in pull.commits] == ["Add an example of pruning"]
    assert "- [x] trained" in pull.text


def test_a_branch_of_the_repository_itself_has_no_owner_before_it(played: Rehearsed) -> None:
    bump = drawn(played).pulls[1]
    assert (bump.head, bump.text, bump.state) == ("bump", "", State.OPEN)


def test_checks_are_of_every_commit_and_the_last_of_each_name(begun: Rehearsed) -> None:
    opened = begun.head
    begun.check("standards", "failure", "2 faults", "first")
    begun.check("standards", "neutral", "1 fault", "again")
    begun.commit("Mend", {"example.py": "2"})
    begun.check("standards", "success", "PASSED", "**fine**")
    checks.create(begun.world, begun.models, begun.bot, {"head_sha": begun.head, "name": "convergence"})
    checks.create(begun.world, begun.models, begun.bot, {"head_sha": "master", "name": "not its own"})
    assert [(one.sha, one.name, one.conclusion, one.title) for one in first(begun).checks] == [
        (opened, "standards", "neutral", "1 fault"),
        (begun.head, "standards", "success", "PASSED"),
        (begun.head, "convergence", "", ""),
    ]
    assert [one.status for one in first(begun).checks] == ["completed", "completed", "queued"]


@pytest.mark.parametrize("state", list(State))
def test_each_state(begun: Rehearsed, state: State) -> None:
    pull = begun.issue.pull
    assert pull
    pull.draft = state is State.DRAFT
    if state is State.CLOSED:
        pulls.set_state(begun.world, begun.models, begun.issue, "closed", begun.carl)
    if state is State.MERGED:
        merging.merge(begun.world, begun.models, begun.issue, begun.mona)
    assert first(begun).state is state


def test_a_release_has_its_notes_and_files(played: Rehearsed) -> None:
    tfmot = drawn(played, "tensorflow/model-optimization")
    (made,) = tfmot.releases
    assert (made.tag, made.name, made.by, made.notes) == ("v0.8.2", "TFMOT 0.8.2", "mona", NOTES)
    assert made.assets == (Asset("tfmot-0.8.2-py3-none-any.whl", 1800),)
    assert [(one.name, one.commit.subject) for one in tfmot.tags] == [("v0.8.2", "First commit")]


def test_branches_and_newest_commits(played: Rehearsed) -> None:
    models = drawn(played)
    assert [one.name for one in models.branches] == ["bump", "convergence-history", "master"]
    assert [one.subject.split(" #")[0] for one in models.commits] == ["Merge pull request", "First commit"]


def test_records_are_told_from_other_files(played: Rehearsed) -> None:
    record, other = drawn(played).records
    assert record.record
    assert (record.branch, record.record.requested_by) == ("convergence-history", "mona")
    assert record.path == record.record.path
    assert (other.path, other.record) == ("records/x.txt", None)


def test_only_the_repositories_that_are_asked_for_are_drawn(played: Rehearsed) -> None:
    made = drawing.draw(played.world, ["TensorFlow/Models"])
    assert [one.name for one in made.repositories] == ["tensorflow/models"]
    assert [one.name for one in drawing.draw(played.world).repositories] == [
        "tensorflow/models",
        "tensorflow/model-optimization",
        "carl/models",
    ]
    assert [one.number for one in made.pulls] == [1, 2]


def test_drawing_changes_nothing(played: Rehearsed) -> None:
    world = played.world
    before = world.clock.now, [one.git.refs() for one in world.repositories()], len(world.calls)
    assert drawing.draw(world) == drawing.draw(world)
    assert before == (world.clock.now, [one.git.refs() for one in world.repositories()], len(world.calls))
