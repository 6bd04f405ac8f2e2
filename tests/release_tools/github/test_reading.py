"""What is read of a pull request and of people, in how many calls, and what is not believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.model import Check, IssueComment, Permission, Person, PullRequest, ReviewState
from release_tools.sandbox import comments

Calls = Callable[[], list[str]]


def at(second: int) -> datetime:
    return datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)


def test_a_pull_request_as_it_stands(
    github: GitHub, town: Town, repository: str, number: int, head: str
) -> None:
    town.call(town.mona, "POST", f"/repos/{repository}/issues/{number}/labels", ["ready"])
    read = github.snapshot(repository, number)
    assert read.pull_request == PullRequest(
        repository=repository,
        number=number,
        author=Person("carl", town.carl.id),
        title="Add a file",
        body="Please.",
        state="open",
        merged=False,
        base_ref="master",
        base_sha=town.base.git.ref("refs/heads/master"),
        head_ref="topic",
        head_sha=head,
        head_repository="carl/models",
        labels=("ready",),
        url=f"https://github.com/tensorflow/models/pull/{number}",
    )
    assert (read.comments, read.reviews, read.checks) == ((), (), ())


def test_all_that_was_said_in_the_order_it_was(
    github: GitHub, town: Town, repository: str, number: int, head: str
) -> None:
    path = f"/repos/{repository}/issues/{number}/comments"
    first = town.call(town.mona, "POST", path, {"body": "/converge"}).json
    second = town.call(town.carl, "POST", path, {"body": "hm"}).json
    town.call(town.carl, "PATCH", f"/repos/{repository}/issues/comments/{second['id']}", {"body": "ah"})
    reviews = f"/repos/{repository}/pulls/{number}/reviews"
    town.call(town.mona, "POST", reviews, {"event": "APPROVE", "body": "Good."})
    read = github.snapshot(repository, number)
    assert [(one.author.login, one.body, one.edited) for one in read.comments] == [
        ("mona", "/converge", False),
        ("carl", "ah", True),
    ]
    assert read.comments[0] == IssueComment(
        id=first["id"],
        author=Person("mona", town.mona.id),
        body="/converge",
        created_at=datetime.fromisoformat(first["created_at"]),
        url=first["html_url"],
    )
    assert [(one.author.login, one.state, one.sha) for one in read.reviews] == [
        ("mona", ReviewState.APPROVED, head)
    ]


def test_a_review_counts_when_it_is_submitted(
    connect: Callable[..., GitHub], town: Town, repository: str, number: int
) -> None:
    reviews = f"/repos/{repository}/pulls/{number}/reviews"
    town.call(town.mona, "POST", reviews, {"body": "only its author sees this"})
    assert connect(town.world.token(town.mona), "mona").snapshot(repository, number).reviews == ()


def test_checks_of_the_head_whoever_made_them(
    github: GitHub, town: Town, repository: str, number: int, head: str
) -> None:
    other = town.world.app_token(town.world.user("ci[bot]"), [town.base], checks="write")
    for status in ("queued", "in_progress"):  # the same name twice: by default GitHub gives the latest only
        sent = {"name": "ci", "head_sha": head, "status": status, "external_id": status}
        town.call(other, "POST", f"/repos/{repository}/check-runs", sent)
    read = github.snapshot(repository, number)
    assert sorted((one.name, one.external_id, one.app, one.sha) for one in read.checks) == [
        ("ci", "in_progress", "ci", head),
        ("ci", "queued", "ci", head),
    ]
    assert isinstance(read.checks[0], Check)


def test_a_snapshot_takes_four_calls(
    github: GitHub, repository: str, number: int, calls: Calls, head: str
) -> None:
    calls()
    github.snapshot(repository, number)
    assert calls() == [
        f"GET /pulls/{number}",
        f"GET /issues/{number}/comments",
        f"GET /pulls/{number}/reviews",
        f"GET /commits/{head}/check-runs",
    ]


def test_three_thousand_comments_are_thirty_calls(
    github: GitHub, town: Town, repository: str, number: int, calls: Calls
) -> None:
    issue = town.base.issues[number]
    for each in range(3000):
        comments.write(town.world, town.base, issue, town.carl, f"comment {each}")
    calls()
    read = github.snapshot(repository, number)
    assert [one.body for one in read.comments] == [f"comment {each}" for each in range(3000)]
    assert sum("/comments" in call for call in calls()) == 30


def test_who_is_gone_is_a_ghost(github: GitHub, town: Town, repository: str, number: int) -> None:
    town.world.delete(town.carl)
    read = github.snapshot(repository, number).pull_request
    assert (read.author.login, read.head_repository, read.from_fork) == ("ghost", "", True)


@pytest.mark.parametrize("granted", [one for one in Permission if one is not Permission.NONE])
def test_what_somebody_may_do(github: GitHub, town: Town, repository: str, granted: Permission) -> None:
    town.base.collaborators[town.carl.id] = granted
    assert github.permission(repository, "carl") is granted


@pytest.mark.parametrize("login", ["nobody", "a/b", "../../user", "dependabot[bot]"])
def test_who_is_not_known_may_do_nothing(github: GitHub, repository: str, login: str) -> None:
    assert github.permission(repository, login) is Permission.NONE


def test_what_is_somebody_else_s_is_not_readable(github: GitHub, town: Town) -> None:
    other = town.world.repository(town.carl, "private", {"a": "b"}, private=True)
    with pytest.raises(UserError, match="not-found"):
        github.snapshot(other.full_name, 1)


def test_members_of_a_team_for_who_may_read_it(connect: Callable[..., GitHub], town: Town) -> None:
    town.world.team(town.org, "mot", [town.mona])
    reader = connect(town.world.app_token(town.world.user("mot[bot]"), [town.base], members="read"))
    assert [reader.member("tensorflow/mot", login) for login in ("mona", "carl", "nobody")] == [
        True,
        False,
        False,
    ]
    assert reader.member("tensorflow/gone", "mona") is None


def test_a_team_that_cannot_be_read_is_unknown_not_false(github: GitHub, town: Town) -> None:
    town.world.team(town.org, "mot", [town.mona])
    assert github.member("tensorflow/mot", "mona") is None


@pytest.mark.parametrize("ref", ["master", "topic/slash", "v1", "SHORT"])
def test_a_ref_is_a_commit(github: GitHub, town: Town, repository: str, ref: str) -> None:
    sha = town.world.commit(town.base, "topic/slash", {"x": "y"}, town.mona, start="master")
    town.call(town.mona, "POST", f"/repos/{repository}/git/refs", {"ref": "refs/tags/v1", "sha": sha})
    expected = town.base.git.ref("refs/heads/master") if ref == "master" else sha
    assert github.resolve(repository, sha[:10] if ref == "SHORT" else ref) == expected


def test_what_is_no_ref_is_said(github: GitHub, repository: str) -> None:
    with pytest.raises(UserError, match=r"no-commit.*'nowhere'.*tensorflow/models"):
        github.resolve(repository, "nowhere")


def test_files_at_a_commit(github: GitHub, town: Town, repository: str) -> None:
    before = town.base.git.ref("refs/heads/master")
    town.world.commit(town.base, "master", {"a/b.txt": b"\x00\xff"}, town.mona)
    assert github.read_file(repository, "a/b.txt", "master") == b"\x00\xff"
    assert github.read_file(repository, "a/b.txt", before) == b"one\ntwo\n"
    assert github.read_file(repository, "a/c.txt", "master") is None
    with pytest.raises(UserError, match="not-a-file"):
        github.read_file(repository, "a", "master")
    with pytest.raises(UserError, match="no-commit"):
        github.read_file(repository, "a/b.txt", "nowhere")


def test_the_branch_that_counts(github: GitHub, repository: str) -> None:
    assert github.default_branch(repository) == "master"


def test_whose_token_it_is(connect: Callable[..., GitHub], town: Town) -> None:
    assert connect(town.world.token(town.mona), login="").login == "mona"
    assert connect(login="someone[bot]").login == "someone[bot]"
