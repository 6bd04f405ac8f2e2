"""A whole story told by real PyGithub."""

from __future__ import annotations

import github
import pytest

from release_tools.sandbox import inprocess


@pytest.fixture
def _connected(town):
    with inprocess.connected(town.gateway):
        yield


@pytest.mark.usefixtures("_connected")
def test_a_pull_request_from_opening_to_merge(town, heard) -> None:
    world = town.world

    def client(token: str) -> github.Github:
        return github.Github(
            auth=github.Auth.Token(token), retry=None, seconds_between_requests=0, seconds_between_writes=0
        )

    carl = client(world.token(town.carl)).get_repo("tensorflow/models")
    mona = client(world.token(town.mona)).get_repo("tensorflow/models")
    robot = client(world.workflow_token(town.base, checks="write", pull_requests="write")).get_repo(
        "tensorflow/models"
    )
    first = world.commit(town.fork, "topic", {"new.py": "x = 1\n"}, town.carl, "Add a file", "master")
    pull = carl.create_pull(base="master", head="carl:topic", title="Add a file", body="Please.")
    assert (pull.head.sha, pull.changed_files) == (first, 1)

    comment = mona.get_issue(pull.number).create_comment("/converge")
    assert robot.get_issue(pull.number).get_comment(comment.id).create_reaction("eyes").content == "eyes"
    mona.get_pull(pull.number).create_review(event="APPROVE", body="Good.")
    second = world.commit(town.fork, "topic", {"new.py": "x = 2\n"}, town.carl)
    pull = robot.get_pull(pull.number)
    assert (pull.head.sha, [one.commit_id for one in pull.get_reviews()]) == (second, [first])

    check = robot.create_check_run("converge", second, external_id="r1", status="queued")
    check.edit(conclusion="success", output={"title": "Done", "summary": "Reproduced."})
    checks = robot.get_commit(second).get_check_runs(check_name="converge")
    assert [(one.status, one.conclusion, one.external_id) for one in checks] == [
        ("completed", "success", "r1")
    ]

    robot.get_issue(pull.number).add_to_labels("ready to pull")
    assert [label.name for label in mona.get_pull(pull.number).labels] == ["ready to pull"]
    assert mona.get_pull(pull.number).merge(merge_method="squash").merged
    assert mona.get_contents("new.py").decoded_content == b"x = 2\n"
    assert mona.get_contents("README.md").decoded_content == b"# Models\n"
    assert heard == [
        ("pull_request", "opened"),
        ("issue_comment", "created"),
        ("pull_request_review", "submitted"),
        ("push", ""),
        ("pull_request", "synchronize"),
        ("check_run", "created"),
        ("check_run", "completed"),
        ("pull_request", "labeled"),
        ("push", ""),
        ("pull_request", "closed"),
    ]
