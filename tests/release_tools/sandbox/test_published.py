"""Every route is one that GitHub documents, and the judge that says so can say no."""

from __future__ import annotations

import pytest
from published import Judge, anonymous, operations
from town import Town

from release_tools.model import Permission
from release_tools.sandbox import runs
from release_tools.sandbox.app import BESIDE, Exchange, template
from release_tools.sandbox.events import Delivery

MODELS = "/repos/tensorflow/models"
REPO = "/repos/{owner}/{repo}"
ROUTE = "/repos/{owner}/{repo}/issues/{issue_number}/comments"


def served(town: Town) -> list[tuple[str, str]]:
    rules = [rule for rule in town.gateway.app.url_map.iter_rules() if rule.endpoint.split(".")[0] != BESIDE]
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    return [
        (m, anonymous(template(rule.rule)))
        for rule in rules
        for m in sorted(methods & (rule.methods or set()))
    ]


def test_every_route_is_documented(town: Town) -> None:
    routes = served(town)
    assert len(routes) > 90
    assert [route for route in routes if route not in operations()] == []


def everything(town: Town) -> dict[str, object]:
    """A town that has one of everything, as the variables of the routes name it."""
    workflow = {".github/workflows/ci.yml": "on: workflow_dispatch\n"}
    sha = town.world.commit(town.base, "master", workflow, town.mona)
    run = runs.start(town.world, town.base, ".github/workflows/ci.yml", "push", town.mona)
    number = town.pull()
    issue = f"{MODELS}/issues/{number}"
    robot = town.world.workflow_token(town.base, checks="write")
    made = {
        name: town.call(who, "POST", path, sent).json
        for name, who, path, sent in (
            ("comment", town.mona, f"{issue}/comments", {"body": "Hello."}),
            ("label", town.mona, f"{issue}/labels", {"labels": ["bug"]}),
            ("review", town.mona, f"{MODELS}/pulls/{number}/reviews", {"event": "APPROVE"}),
            ("check", robot, f"{MODELS}/check-runs", {"name": "ci", "head_sha": sha}),
            ("release", town.mona, f"{MODELS}/releases", {"tag_name": "v1"}),
            ("status", town.mona, f"{MODELS}/statuses/{sha}", {"state": "success"}),
        )
    }
    asset = town.call(town.mona, "POST", f"{MODELS}/releases/{made['release']['id']}/assets?name=a").json
    merge = town.call(town.mona, "PUT", f"{MODELS}/pulls/{number}/merge", {})
    town.world.team(town.org, "mot", [town.mona])
    (blob,) = town.base.git.tree(sha, "README.md")
    town.base.settings.environments["converge"] = (town.mona,)
    town.base.collaborators[town.mona.id] = Permission.ADMIN
    rules = {"name": "history", "enforcement": "active", "rules": [{"type": "deletion"}]}
    rules["conditions"] = {"ref_name": {"include": ["refs/heads/master"], "exclude": []}}
    ruleset = town.call(town.mona, "POST", f"{MODELS}/rulesets", rules).json
    return {
        "ruleset_id": ruleset["id"],
        "environment_name": "converge",
        "owner": "tensorflow",
        "org": "tensorflow",
        "repo": "models",
        "team_slug": "mot",
        "username": "mona",
        "issue_number": number,
        "pull_number": number,
        "comment_id": made["comment"]["id"],
        "review_id": made["review"]["id"],
        "check_run_id": made["check"]["id"],
        "release_id": made["release"]["id"],
        "asset_id": asset["id"],
        "run_id": run.id,
        "artifact_id": runs.add_artifact(town.world, run, "a", {"b": b""}).id,
        "archive_format": "zip",
        "workflow_id": "ci.yml",
        "name": "bug",
        "branch": "master",
        "tag": "v1",
        "path": "README.md",
        "basehead": f"{sha}...{merge.json['sha']}",
        "ref": "heads/master",
        "commit_sha": sha,
        "tree_sha": sha,
        "file_sha": blob.sha,
    }


def test_every_route_that_reads_answers_and_as_documented(town: Town) -> None:
    """A route that is added is called here too; a variable that it brings needs a value above."""
    variables = everything(town)
    rules = [rule for rule in town.gateway.app.url_map.iter_rules() if rule.endpoint.split(".")[0] != BESIDE]
    routes = [template(rule.rule) for rule in rules if "GET" in (rule.methods or ())]
    answers = {route: town.call(town.mona, "GET", route.format(**variables)).status for route in routes}
    empty = {
        f"{REPO}/pulls/{{pull_number}}/merge": 204,
        f"{REPO}/actions/artifacts/{{artifact_id}}/{{archive_format}}": 302,
    }
    assert answers == dict.fromkeys(routes, 200) | empty


def test_a_route_that_github_does_not_have_is_seen() -> None:
    judge = Judge()
    judge(Exchange("GET", "/repos/{owner}/{repo}/secrets-of-mona", None, 200, {}))
    assert judge.found == ["GET /repos/{}/{}/secrets-of-mona is not documented"]


@pytest.mark.parametrize(
    ("method", "route", "sent", "status", "answer", "fault"),
    [
        ("POST", ROUTE, {"body": "x"}, 201, {"id": 1}, "answer: node_id: Field required"),
        ("POST", ROUTE, {"text": "x"}, 404, {}, ""),
        ("POST", ROUTE, {"text": "x"}, 201, None, "body: body: Field required"),
        ("POST", ROUTE, {"body": "x", "loud": True}, 201, None, "body: .loud: not a field of ReposOwnerRepo"),
        ("GET", "/rate_limit", None, 403, {"message": "No", "why": ""}, "error: .why: not a field of"),
        ("GET", "/repos/{owner}/{repo}/labels", None, 200, [{"id": "one"}], "answer: 0.id: Input should be"),
        ("DELETE", "/repos/{owner}/{repo}/labels/{name}", None, 204, {}, "answer: nothing is documented"),
    ],
)  # fmt: skip
def test_the_judge_sees_what_is_wrong(
    method: str, route: str, sent: object, status: int, answer: object, fault: str
) -> None:
    judge = Judge()
    judge(Exchange(method, route, sent, status, answer))
    start = f"{method} {route} {status} "
    assert bool(judge.found) == bool(fault)
    assert any(found.startswith(start + fault) for found in judge.found) or not fault


def test_the_judge_sees_what_is_wrong_with_an_event(town: Town) -> None:
    judge = Judge()
    judge.hear(Delivery("1", "push", {"ref": "refs/heads/master"}, town.base, town.mona))
    assert "event push : before: Field required" in judge.found
