"""A whole story told by real PyGithub, in-process and over HTTP."""

from __future__ import annotations

import hashlib
from pathlib import Path

import github
import pytest
from github.Repository import Repository

from release_tools.sandbox import inprocess
from release_tools.sandbox.server import served

WORKFLOW = "on:\n  workflow_dispatch:\n"
EVENTS = [
    ("push", ""),  # the workflow
    ("push", ""),  # the topic
    ("pull_request", "opened"),
    ("issue_comment", "created"),
    ("pull_request_review", "submitted"),
    ("push", ""),
    ("pull_request", "synchronize"),
    ("check_run", "created"),
    ("check_run", "completed"),
    ("pull_request", "labeled"),
    ("workflow_dispatch", ""),
    ("push", ""),  # the merge
    ("pull_request", "closed"),
    ("push", ""),  # the tag
]


@pytest.fixture(params=["in-process", pytest.param("HTTP", marks=pytest.mark.enable_socket)])
def base_url(request, town):
    if request.param == "HTTP":
        with served(town.world, town.gateway.judge) as url:
            yield url
    else:
        with inprocess.connected(town.gateway):
            yield github.Consts.DEFAULT_BASE_URL


def test_from_a_pull_request_to_a_release(base_url: str, town, heard, tmp_path: Path) -> None:
    world = town.world

    def repository(token: str) -> Repository:
        client = github.Github(
            auth=github.Auth.Token(token),
            base_url=base_url,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        return client.get_repo("tensorflow/models")

    world.commit(town.base, "master", {".github/workflows/converge.yml": WORKFLOW}, town.mona)
    carl, mona = repository(world.token(town.carl)), repository(world.token(town.mona))
    robot = repository(
        world.workflow_token(town.base, checks="write", pull_requests="write", actions="write")
    )
    first = world.commit(town.fork, "topic", {"new.py": "x = 1\n"}, town.carl, "Add a file", "master")
    pull = carl.create_pull(base="master", head="carl:topic", title="Add a file", body="Please.")
    assert (pull.head.sha, pull.changed_files, pull.mergeable) == (first, 1, True)

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

    assert robot.get_workflow("converge.yml").create_dispatch("master", {"pull": str(pull.number)})
    (run,) = robot.get_workflow_runs(event="workflow_dispatch")
    assert (run.head_branch, run.cancel(), run.cancel()) == ("master", True, False)

    assert mona.get_pull(pull.number).merge(merge_method="squash").merged
    assert mona.get_contents("new.py").decoded_content == b"x = 2\n"
    assert mona.get_contents("README.md").decoded_content == b"# Models\n"

    wheel = tmp_path / "a.whl"
    wheel.write_bytes(b"PK\0\xff")
    release = mona.create_git_release("v1.0.0", "1.0.0", "Notes.")
    asset = release.upload_asset(str(wheel), content_type="application/zip")
    assert asset.digest == f"sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
    _, _, chunks = mona.get_release("v1.0.0").get_assets()[0].download_asset(chunk_size=None)
    assert b"".join(chunks) == wheel.read_bytes()
    assert mona.get_git_ref("tags/v1.0.0").object.sha == mona.get_branch("master").commit.sha
    assert heard == EVENTS
