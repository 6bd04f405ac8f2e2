"""What decides the steps, as GitHub tells it: lists, teams, diffs, trees, pushes; and where it hides them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.approvals.facts import Push
from release_tools.github import GitHub, examining
from release_tools.sandbox import comments, faults, pulls, pushes
from release_tools.sandbox.nouns import Label

Connect = Callable[..., GitHub]


def test_a_snapshot_of_a_listed_pull_request_is_the_same(github: GitHub, town: Town, repository: str) -> None:
    number = town.pull()
    issue = town.base.issues[number]
    comments.write(town.world, town.base, issue, town.mona, "Thanks")
    issue.labels.append(Label(1, "technique:pruning"))
    (listed,) = github.pulls(repository)
    before = len(town.world.calls)
    assert github.snapshot_of(listed) == github.snapshot(repository, number)
    assert len(town.world.calls) - before == 3 + 4


def test_closed_and_open_pull_requests_are_listed_apart(github: GitHub, town: Town, repository: str) -> None:
    first, second = town.pull("a", "a.py"), town.pull("b", "b.py")
    pulls.set_state(town.world, town.base, town.base.issues[first], "closed", town.carl)
    assert [one.number for one in github.pulls(repository)] == [second]
    assert [(one.number, one.merged) for one in github.pulls(repository, "closed")] == [(first, False)]


def test_a_merge_is_told_by_lists_too(github: GitHub, town: Town, repository: str) -> None:
    number = town.pull()
    town.call(town.mona, "PUT", f"/repos/{repository}/pulls/{number}/merge", {})
    assert [one.merged for one in github.pulls(repository, "closed")] == [True]


@pytest.mark.parametrize("count", [0, 1, 100, 101, 230])
def test_all_members_of_a_team(connect: Connect, town: Town, count: int) -> None:
    people = [town.world.user(f"person-{number}") for number in range(count)]
    town.world.team(town.org, "mot", people)
    app = town.world.app_token(town.world.user("mot[bot]"), [town.base], members="read", metadata="read")
    assert connect(app).members("tensorflow/mot") == frozenset(one.id for one in people)


def test_a_team_is_hidden_from_a_workflow_and_where_there_is_none(connect: Connect, town: Town) -> None:
    town.world.team(town.org, "mot", [town.mona])
    assert connect().members("tensorflow/mot") is None
    app = town.world.app_token(town.world.user("mot[bot]"), [town.base], members="read", metadata="read")
    assert connect(app).members("tensorflow/others") is None
    assert connect(app).members("nobody/mot") is None


def test_a_rename_keeps_the_id(connect: Connect, town: Town) -> None:
    town.world.team(town.org, "mot", [town.mona])
    app = town.world.app_token(town.world.user("mot[bot]"), [town.base], members="read", metadata="read")
    town.world.rename(town.mona, "ramona")
    assert connect(app).members("tensorflow/mot") == {town.mona.id}


def test_a_limit_is_no_hidden_team(connect: Connect, town: Town) -> None:
    town.world.team(town.org, "mot", [town.mona])
    town.world.faults.add(faults.secondary_limit(1), "GET", "/members", times=9)
    app = town.world.app_token(town.world.user("mot[bot]"), [town.base], members="read", metadata="read")
    with pytest.raises(UserError, match="rate-limit"):
        connect(app).members("tensorflow/mot")


def test_what_a_commit_changes_since_it_left_its_base(github: GitHub, town: Town, repository: str) -> None:
    town.pull()
    base = town.base.git.ref("refs/heads/master")
    head = town.world.commit(town.fork, "topic", {"a/b.txt": "one\nthree\n", "README.md": None}, town.carl)
    pushes.look(town.world)
    town.world.commit(town.base, "master", {"other.py": ""}, town.mona)
    found = github.changed(repository, base, head)
    assert found is not None
    assert sorted((one.path, one.status) for one in found) == [
        ("README.md", "removed"),
        ("a/b.txt", "modified"),
        ("new.py", "added"),
    ]
    assert "-two\n+three" in next(str(one.patch) for one in found if one.path == "a/b.txt")


def test_a_commit_that_is_gone_changes_nothing_that_is_known(
    github: GitHub, town: Town, repository: str
) -> None:
    base = town.base.git.ref("refs/heads/master")
    assert github.changed(repository, base, "0" * 40) is None


def test_too_many_files_are_not_known(
    github: GitHub, town: Town, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.pull()
    base, head = town.base.git.ref("refs/heads/master"), town.base.git.ref("refs/pull/1/head")
    monkeypatch.setattr(examining, "MOST_FILES", 1)
    assert github.changed(repository, base, head) is None


def test_the_files_of_a_branch(github: GitHub, town: Town, repository: str) -> None:
    found = github.tree(repository, "master")
    assert found is not None
    assert sorted(found) == ["README.md", "a/b.txt"]
    assert github.tree(repository, "no-such-branch") == {}


def test_when_each_commit_came_to_be_the_head(github: GitHub, town: Town) -> None:
    """GitHub's time, whatever the commits say; a force push is one, too."""
    number = town.pull()
    first = town.fork.git.ref("refs/heads/topic")
    second = town.world.commit(town.fork, "topic", {"new.py": "x = 2\n"}, town.carl)
    town.fork.git.set_ref("refs/heads/topic", first)
    pushes.look(town.world)
    found = github.pushes("carl/models", "topic")
    assert found is not None
    assert [one.sha for one in found] == [first, second, first]
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert isinstance(found[0], Push)
    assert github.pushes("carl/models", "other") == ()
    assert town.base.issues[number].pull


def test_pushes_to_what_is_gone_are_hidden(github: GitHub, town: Town) -> None:
    town.world.delete_repository(town.fork)
    assert github.pushes("carl/models", "topic") is None


def test_the_log_of_a_branch(github: GitHub, town: Town, repository: str) -> None:
    for number in range(3):
        town.world.commit(town.base, "master", {"x.py": f"{number}\n"}, town.mona, f"Change {number}")
    found = github.log(repository, "master")
    assert [one.message.strip() for one in found] == ["Change 2", "Change 1", "Change 0", "First commit"]
    assert found[0].sha == town.base.git.ref("refs/heads/master")


def test_a_long_log_is_read_so_far(
    github: GitHub, town: Town, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "PER_PAGE", 2)
    monkeypatch.setattr(examining, "LOG_PAGES", 2)
    for number in range(6):
        town.world.commit(town.base, "master", {"x.py": f"{number}\n"}, town.mona)
    assert len(github.log(repository, "master")) == 4
