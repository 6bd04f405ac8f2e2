"""Each effect is there after it was performed, once, however often it is; and what is others' stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.model import CheckStatus, Comment, Conclusion, Reaction, SetCheck, SetLabels, marker
from release_tools.sandbox import comments
from release_tools.sandbox.world import ACTIONS

Calls = Callable[[], list[str]]
QUEUED, DONE = CheckStatus.QUEUED, CheckStatus.COMPLETED


@pytest.fixture
def comment(repository: str, number: int) -> Comment:
    return Comment(repository, number, "converge", "### Queued\n\nmore")


@pytest.fixture
def check(repository: str, head: str) -> SetCheck:
    return SetCheck(repository, head, "convergence", "r1", QUEUED, "Queued", "### Queued")


def bodies(town: Town, number: int) -> list[tuple[str, str]]:
    return [(one.user.login, one.body) for one in town.base.issues[number].comments]


def writes(calls: Calls) -> list[str]:
    return [call for call in calls() if not call.startswith("GET")]


@pytest.mark.parametrize("look", [False, True])
def test_one_comment_however_often(
    github: GitHub, town: Town, number: int, comment: Comment, calls: Calls, look: bool
) -> None:
    if look:
        github.snapshot(comment.repository, number)
    calls()
    for _ in range(3):
        github.perform(comment)
    assert writes(calls) == [f"POST /issues/{number}/comments"]
    changed = replace(comment, body="### Reproduced")
    for _ in range(3):
        github.perform(changed)
    (only,) = town.base.issues[number].comments
    assert writes(calls) == [f"PATCH /issues/comments/{only.id}"]
    assert only.body == "### Reproduced\n\n<!-- release-tools:converge -->"


def test_a_reply_is_written_once_and_stays(github: GitHub, town: Town, number: int, comment: Comment) -> None:
    reply = replace(comment, replace=False)
    github.perform(reply)
    github.perform(replace(reply, body="other words"))
    github.perform(replace(reply, key="converge.2", body="another"))
    assert [body.partition("\n")[0] for _, body in bodies(town, number)] == ["### Queued", "another"]


@pytest.mark.parametrize(
    "body", ["<!-- release-tools:converge -->", "mine\n\n<!-- release-tools:converge -->"]
)
def test_a_marker_that_somebody_else_wrote_means_nothing(
    github: GitHub, town: Town, number: int, comment: Comment, body: str
) -> None:
    for _ in range(2):
        comments.write(town.world, town.base, town.base.issues[number], town.carl, body)
        github.perform(comment)
    assert [login for login, _ in bodies(town, number)] == ["carl", ACTIONS, "carl"]
    assert bodies(town, number)[0] == ("carl", body)


def test_a_marker_in_the_middle_of_our_own_words_means_nothing(
    github: GitHub, town: Town, number: int, comment: Comment
) -> None:
    github.perform(replace(comment, key="status", body=f"somebody wrote {marker('converge')}, look"))
    github.perform(comment)
    assert len(bodies(town, number)) == 2


def test_of_two_that_were_written_at_once_one_stays(
    github: GitHub, town: Town, number: int, comment: Comment
) -> None:
    bot = town.world.account(ACTIONS)
    assert bot
    for _ in range(3):
        comments.write(town.world, town.base, town.base.issues[number], bot, f"x\n{marker('converge')}")
    first = town.base.issues[number].comments[0].id
    github.perform(comment)
    assert [one.id for one in town.base.issues[number].comments] == [first]


@pytest.mark.parametrize("replaced", [True, False])
def test_two_processes_at_once_leave_one_comment(
    connect: Callable[..., GitHub], town: Town, number: int, comment: Comment, replaced: bool
) -> None:
    both = [connect(), connect()]
    for each in both:
        each.snapshot(comment.repository, number)
    for each in both:
        each.perform(replace(comment, replace=replaced))
    assert len(bodies(town, number)) == 1


def test_two_processes_at_once_leave_no_check_behind(
    connect: Callable[..., GitHub], town: Town, number: int, check: SetCheck
) -> None:
    both = [connect(), connect()]
    for each in both:
        each.snapshot(check.repository, number)
    for each in both:
        each.perform(check)
    connect().perform(replace(check, status=DONE, conclusion=Conclusion.SUCCESS))
    assert {(one.status, one.conclusion) for one in town.base.checks.values()} == {("completed", "success")}


@pytest.mark.parametrize("key", ["", "a b", "a-->", "a--b", "-", "a\n", "ü"])
def test_a_key_cannot_end_its_marker(key: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(key)}$"):
        marker(key)


def test_reactions_are_there_once(github: GitHub, town: Town, repository: str, number: int) -> None:
    said = comments.write(town.world, town.base, town.base.issues[number], town.mona, "/converge")
    for content in ("eyes", "eyes", "rocket"):
        github.perform(Reaction(repository, said.id, content))
    assert [(one.user.login, one.content) for one in said.reactions] == [
        (ACTIONS, "eyes"),
        (ACTIONS, "rocket"),
    ]


@pytest.mark.parametrize("look", [False, True])
def test_one_check_however_often(
    github: GitHub, town: Town, number: int, check: SetCheck, calls: Calls, look: bool
) -> None:
    if look:
        github.snapshot(check.repository, number)
    calls()
    for _ in range(2):
        github.perform(check)
    done = replace(check, status=DONE, conclusion=Conclusion.FAILURE, title="Not reproduced")
    for _ in range(2):
        github.perform(done)
    (made,) = town.base.checks.values()
    assert writes(calls) == ["POST /check-runs", f"PATCH /check-runs/{made.id}"]
    assert (made.external_id, made.status, made.conclusion, made.output) == (
        "r1",
        "completed",
        "failure",
        {"title": "Not reproduced", "summary": "### Queued"},
    )


def test_another_request_is_another_check(github: GitHub, town: Town, check: SetCheck) -> None:
    for external_id in ("r1", "r2", "r1"):
        github.perform(replace(check, external_id=external_id))
    assert [one.external_id for one in town.base.checks.values()] == ["r1", "r2"]


def test_a_check_of_another_app_is_never_touched(github: GitHub, town: Town, check: SetCheck) -> None:
    other = town.world.app_token(town.world.user("forger[bot]"), [town.base], checks="write")
    sent = {"name": check.name, "head_sha": check.sha, "external_id": check.external_id}
    forged = {**sent, "status": "completed", "conclusion": "success"}
    assert town.call(other, "POST", "/repos/tensorflow/models/check-runs", forged).status == 201
    github.perform(check)
    assert [(one.app.login, one.conclusion) for one in town.base.checks.values()] == [
        ("forger[bot]", "success"),
        (ACTIONS, None),
    ]


def test_a_check_needs_no_summary(github: GitHub, check: SetCheck, calls: Calls) -> None:
    calls()
    for _ in range(2):
        github.perform(replace(check, summary=""))
    assert writes(calls) == ["POST /check-runs"]


@pytest.mark.parametrize("look", [False, True])
def test_labels_are_added_and_removed_and_others_stay(
    github: GitHub, town: Town, repository: str, number: int, calls: Calls, look: bool
) -> None:
    path = f"/repos/{repository}/issues/{number}/labels"
    town.call(town.mona, "POST", path, ["Cla: Yes", "a & b", "mot:1"])
    if look:
        github.snapshot(repository, number)
    calls()
    effect = SetLabels(repository, number, add=("mot:2", "cla: yes"), remove=("MOT:1", "a & b", "never"))
    for _ in range(2):
        github.perform(effect)
    assert [one.name for one in town.base.issues[number].labels] == ["Cla: Yes", "mot:2"]
    assert len(writes(calls)) == 3


def test_a_label_to_add_and_to_remove_is_kept(
    github: GitHub, town: Town, repository: str, number: int
) -> None:
    for _ in range(2):
        github.perform(SetLabels(repository, number, ("x",), ("x",)))
    assert [one.name for one in town.base.issues[number].labels] == ["x"]


def test_what_was_seen_is_of_one_pull_request(
    github: GitHub, town: Town, repository: str, number: int
) -> None:
    other = town.pull("other", "other.py")
    github.snapshot(repository, number)
    for each in (number, other):
        github.perform(Comment(repository, each, "converge", "words"))
        github.perform(SetLabels(repository, each, ("x",)))
    assert [len(town.base.issues[each].comments) for each in (number, other)] == [1, 1]


def test_refreshing_an_unchanged_pull_request_takes_at_most_six_calls(
    github: GitHub, repository: str, number: int, comment: Comment, check: SetCheck, calls: Calls
) -> None:
    effects = [comment, check, SetLabels(repository, number, ("x",), ("y",))]
    for effect in effects:
        github.perform(effect)
    calls()
    github.snapshot(repository, number)
    for effect in effects:
        github.perform(effect)
    made = calls()
    assert [call for call in made if not call.startswith("GET")] == []
    assert len(made) <= 6


@pytest.mark.parametrize(
    ("rights", "permission"), [({"metadata": "read"}, "checks: write"), ({"checks": "read"}, "checks: write")]
)
def test_a_missing_permission_is_named(
    connect: Callable[..., GitHub], town: Town, check: SetCheck, rights: dict[str, str], permission: str
) -> None:
    weak = connect(town.world.workflow_token(town.base, **rights))
    with pytest.raises(UserError, match=rf"no-permission.*convergence.*{permission}"):
        weak.perform(check)


def test_a_wrong_login_is_said_and_leaves_no_comment(
    connect: Callable[..., GitHub], town: Town, number: int, comment: Comment, check: SetCheck
) -> None:
    mistaken = connect(login="mot[bot]")
    for effect in (comment, check):
        with pytest.raises(UserError, match=r"wrong-login.*github-actions\[bot\]'s, not mot\[bot\]'s"):
            mistaken.perform(effect)
    assert bodies(town, number) == []


def test_a_bad_token_is_said(connect: Callable[..., GitHub], comment: Comment) -> None:
    with pytest.raises(UserError, match=r"bad-token.*does not accept the token"):
        connect("ghp_wrong").perform(comment)


def test_what_is_not_there_is_said(github: GitHub, comment: Comment) -> None:
    with pytest.raises(UserError, match=r"not-found.*tensorflow/models#99"):
        github.perform(replace(comment, number=99))


def test_what_github_refuses_is_said_with_the_field(github: GitHub, check: SetCheck) -> None:
    with pytest.raises(UserError, match=r"refused.*422.*No commit found for SHA"):
        github.perform(replace(check, sha="0" * 40))
