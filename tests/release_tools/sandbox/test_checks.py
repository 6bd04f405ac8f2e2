"""Check runs and statuses."""

from __future__ import annotations

from typing import Any

import pytest
from town import Town

MODELS = "/repos/tensorflow/models"
OUTPUT = {"title": "Done", "summary": "All well."}


@pytest.fixture
def sha(town: Town) -> str:
    return town.base.git.ref("refs/heads/master")


@pytest.fixture
def robot(town: Town) -> str:
    return town.world.workflow_token(town.base, checks="write")


def test_a_check_run_from_queued_to_completed(town: Town, robot: str, sha: str, heard) -> None:
    sent = {"name": "converge", "head_sha": sha, "status": "queued", "external_id": "r1"}
    made = town.call(robot, "POST", f"{MODELS}/check-runs", sent)
    path = f"{MODELS}/check-runs/{made.json['id']}"
    assert (made.status, made.json["status"], made.json["output"]["title"]) == (201, "queued", None)
    working = town.call(robot, "PATCH", path, {"status": "in_progress"}).json
    done = town.call(robot, "PATCH", path, {"conclusion": "success", "output": OUTPUT}).json
    assert (working["status"], working["completed_at"]) == ("in_progress", None)
    assert (done["status"], done["conclusion"], done["output"]["summary"]) == (
        "completed",
        "success",
        "All well.",
    )
    assert done["completed_at"] > done["started_at"]
    assert town.call(None, "GET", path).json == done
    assert heard == [("check_run", "created"), ("check_run", "completed")]


def test_the_newest_check_run_of_a_name_is_the_one_that_counts(town: Town, robot: str, sha: str) -> None:
    sent = {"head_sha": sha, "status": "queued"}
    ids = [
        town.call(robot, "POST", f"{MODELS}/check-runs", {**sent, "name": name}).json["id"]
        for name in ("converge", "lint", "converge")
    ]

    def listed(query: str) -> list[int]:
        answer = town.call(None, "GET", f"{MODELS}/commits/master/check-runs?{query}").json
        assert answer["total_count"] == len(answer["check_runs"])
        return [one["id"] for one in answer["check_runs"]]

    assert listed("") == [ids[2], ids[1]]
    assert listed("filter=all") == [ids[2], ids[1], ids[0]]
    assert listed("check_name=converge&filter=all") == [ids[2], ids[0]]
    assert listed("status=completed") == []
    assert listed("app_id=1") == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"head_sha": "f" * 40}, "head_sha"),
        ({"status": "sleeping"}, "status"),
        ({"status": "completed"}, "conclusion"),
        ({"conclusion": "splendid"}, "conclusion"),
        ({"output": {"title": "Done"}}, "output"),
        ({"output": {"title": "Done", "summary": "x" * 65_536}}, "output"),
    ],
)
def test_a_check_run_that_cannot_be(
    town: Town, robot: str, sha: str, sent: dict[str, Any], field: str
) -> None:
    answer = town.call(robot, "POST", f"{MODELS}/check-runs", {"name": "a", "head_sha": sha, **sent})
    assert (answer.status, [one["field"] for one in answer.json["errors"]]) == (422, [field])
    assert town.base.checks == {}


def test_check_runs_are_written_by_apps_and_changed_by_the_one_that_made_them(
    town: Town, robot: str, sha: str
) -> None:
    sent = {"name": "converge", "head_sha": sha}
    other = town.world.app_token(town.world.user("other[bot]"), [town.base], checks="write")
    weak = town.world.workflow_token(town.base, checks="read")
    made = town.call(robot, "POST", f"{MODELS}/check-runs", sent).json
    assert [
        town.call(who, "POST", f"{MODELS}/check-runs", sent).status for who in (town.mona, weak, None)
    ] == [
        403,
        403,
        401,
    ]
    changes = [
        town.call(who, "PATCH", f"{MODELS}/check-runs/{made['id']}", {}).status for who in (robot, other)
    ]
    assert changes == [200, 403]
    assert town.call(None, "GET", f"{MODELS}/commits/nowhere/check-runs").status == 422


@pytest.mark.parametrize(
    ("states", "combined"),
    [
        ([], "pending"),
        ([("a", "success")], "success"),
        ([("a", "success"), ("b", "pending")], "pending"),
        ([("a", "success"), ("b", "error")], "failure"),
        ([("a", "failure"), ("a", "success")], "success"),
    ],
)
def test_statuses_and_what_they_come_to(
    town: Town, sha: str, states: list[tuple[str, str]], combined: str
) -> None:
    for context, state in states:
        made = town.call(town.mona, "POST", f"{MODELS}/statuses/{sha}", {"context": context, "state": state})
        assert made.status == 201
    answer = town.call(None, "GET", f"{MODELS}/commits/master/status").json
    assert (answer["state"], answer["total_count"]) == (combined, len({context for context, _ in states}))
    assert len(town.call(None, "GET", f"{MODELS}/commits/{sha}/statuses").json) == len(states)


@pytest.mark.parametrize(("sha", "state"), [("f" * 40, "success"), ("", "fine")])
def test_a_status_that_cannot_be(town: Town, sha: str, state: str) -> None:
    on = sha or town.base.git.ref("refs/heads/master")
    assert town.call(town.mona, "POST", f"{MODELS}/statuses/{on}", {"state": state}).status == 422
