"""Releases, workflow runs and dispatches."""

from __future__ import annotations

import io
import zipfile

import pytest
from town import Town

from release_tools.sandbox import inprocess, runs

MODELS = "/repos/tensorflow/models"
FILES = {
    ".github/workflows/converge.yml": "on:\n  workflow_dispatch:\n",
    ".github/workflows/ci.yml": "on: push\n",
}


@pytest.fixture
def town(town: Town) -> Town:
    town.world.commit(town.base, "master", FILES, town.mona)
    return town


def test_a_dispatch_is_recorded_heard_and_starts_a_run(town: Town, heard) -> None:
    path = f"{MODELS}/actions/workflows/converge.yml/dispatches"
    sent = {"ref": "master", "inputs": {"pull": "7"}}
    assert town.call(town.mona, "POST", path, sent).status == 204
    (done,) = town.base.dispatches
    assert (done.by, done.workflow, done.ref, done.inputs) == (
        town.mona,
        ".github/workflows/converge.yml",
        "master",
        {"pull": "7"},
    )
    (run,) = town.call(None, "GET", f"{MODELS}/actions/workflows/converge.yml/runs").json["workflow_runs"]
    assert (run["event"], run["status"], run["actor"]["login"]) == ("workflow_dispatch", "queued", "mona")
    assert heard == [("workflow_dispatch", "")]


@pytest.mark.parametrize(
    ("who", "workflow", "sent", "status"),
    [
        ("carl", "converge.yml", {"ref": "master"}, 403),
        ("mona", "nothing.yml", {"ref": "master"}, 404),
        ("mona", "ci.yml", {"ref": "master"}, 422),
        ("mona", "converge.yml", {"ref": "nowhere"}, 422),
        ("mona", "converge.yml", {}, 422),
        ("mona", "converge.yml", {"ref": "master", "inputs": {str(n): "" for n in range(26)}}, 422),
    ],
)
def test_a_dispatch_that_cannot_be(
    town: Town, who: str, workflow: str, sent: dict[str, object], status: int
) -> None:
    answer = town.call(getattr(town, who), "POST", f"{MODELS}/actions/workflows/{workflow}/dispatches", sent)
    assert (answer.status, town.base.dispatches) == (status, [])


def test_a_repository_dispatch(town: Town, heard) -> None:
    sent = {"event_type": "converged", "client_payload": {"pull": 7}}
    assert town.call(town.mona, "POST", f"{MODELS}/dispatches", sent).status == 204
    assert [(one.workflow, one.ref, one.inputs) for one in town.base.dispatches] == [
        ("", "converged", {"pull": 7})
    ]
    assert heard == [("repository_dispatch", "converged")]
    many = {"event_type": "x", "client_payload": dict.fromkeys("abcdefghijk", 1)}
    assert town.call(town.mona, "POST", f"{MODELS}/dispatches", many).status == 422


def test_a_run_with_jobs_and_artifacts(town: Town) -> None:
    world = town.world
    run = runs.start(world, town.base, ".github/workflows/ci.yml", "push", town.mona)
    runs.add_job(world, run, "train (1)", ("self-hosted", "gpu"))
    artifact = runs.add_artifact(world, run, "scores", {"scores.json": b"{}"})
    runs.finish(world, run, "success")
    path = f"{MODELS}/actions/runs/{run.id}"
    assert town.call(None, "GET", path).json["conclusion"] == "success"
    (job,) = town.call(None, "GET", f"{path}/jobs").json["jobs"]
    assert (job["name"], job["conclusion"], job["labels"]) == ("train (1)", "success", ["self-hosted", "gpu"])
    (listed,) = town.call(None, "GET", f"{MODELS}/actions/artifacts?name=scores").json["artifacts"]
    assert listed == town.call(None, "GET", f"{path}/artifacts").json["artifacts"][0]
    zipped = f"{MODELS}/actions/artifacts/{artifact.id}/zip"
    assert town.call(None, "GET", zipped).status == 401
    found = town.call(town.carl, "GET", zipped)
    assert found.status == 302
    content = inprocess.call(town.gateway, "GET", found.headers["Location"]).get_data()
    assert zipfile.ZipFile(io.BytesIO(content)).read("scores.json") == b"{}"
    artifact.expired = True
    assert town.call(town.carl, "GET", zipped).status == 410


def test_a_run_is_cancelled_once(town: Town) -> None:
    run = runs.start(town.world, town.base, ".github/workflows/ci.yml", "push", town.mona)
    path = f"{MODELS}/actions/runs/{run.id}/cancel"
    statuses = [town.call(who, "POST", path).status for who in (town.carl, town.mona, town.mona)]
    assert (statuses, run.conclusion) == ([403, 202, 409], "cancelled")


def test_workflows_have_the_ids_they_had(town: Town) -> None:
    found = [town.call(None, "GET", f"{MODELS}/actions/workflows").json["workflows"] for _ in range(2)]
    assert found[0] == found[1]
    assert [one["path"] for one in found[0]] == sorted(FILES)
    assert town.call(None, "GET", f"{MODELS}/actions/workflows/{found[0][0]['id']}").json == found[0][0]


def test_a_release_from_draft_to_its_end(town: Town) -> None:
    path = f"{MODELS}/releases"
    draft = town.call(town.mona, "POST", path, {"tag_name": "v1", "draft": True, "body": "Notes."}).json
    one = f"{path}/{draft['id']}"
    seen = [len(town.call(who, "GET", path).json) for who in (town.mona, town.carl, None)]
    assert (seen, draft["published_at"], town.base.git.ref("refs/tags/v1")) == ([1, 0, 0], None, "")
    published = town.call(town.mona, "PATCH", one, {"draft": False}).json
    assert (published["body"], published["published_at"] is not None) == ("Notes.", True)
    assert town.base.git.ref("refs/tags/v1") == town.base.git.ref("refs/heads/master")
    for query in ("latest", "tags/v1", str(draft["id"])):
        assert town.call(None, "GET", f"{path}/{query}").json == published
    assert town.call(town.mona, "DELETE", one).status == 204
    assert [town.call(None, "GET", f"{path}/{query}").status for query in ("latest", "tags/v1")] == [404, 404]


@pytest.mark.parametrize(
    ("who", "sent", "status"),
    [
        ("carl", {"tag_name": "v2"}, 403),
        ("mona", {"tag_name": "v1"}, 422),
        ("mona", {"tag_name": ""}, 422),
        ("mona", {"tag_name": "v2", "target_commitish": "nowhere"}, 422),
    ],
)
def test_a_release_that_cannot_be(town: Town, who: str, sent: dict[str, object], status: int) -> None:
    assert town.call(town.mona, "POST", f"{MODELS}/releases", {"tag_name": "v1"}).status == 201
    assert town.call(getattr(town, who), "POST", f"{MODELS}/releases", sent).status == status
    assert len(town.base.releases) == 1


def test_assets_have_names_of_their_own(town: Town) -> None:
    release = town.call(town.mona, "POST", f"{MODELS}/releases", {"tag_name": "v1", "prerelease": True}).json
    assert town.call(None, "GET", f"{MODELS}/releases/latest").status == 404
    upload = f"{release['upload_url'].partition('{')[0]}?name=a.txt"
    made = [town.call(town.mona, "POST", upload) for _ in range(2)]
    assert [one.status for one in made] == [201, 422]
    asset = f"{MODELS}/releases/assets/{made[0].json['id']}"
    assert town.call(None, "GET", f"{MODELS}/releases/{release['id']}/assets").json == [made[0].json]
    assert town.call(None, "GET", asset).json == made[0].json
    assert [town.call(town.mona, "DELETE", asset).status for _ in range(2)] == [204, 404]
