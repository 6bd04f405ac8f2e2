"""Every route is one that GitHub documents, and the judge that says so can say no."""

from __future__ import annotations

import pytest
from published import Judge, anonymous, operations
from town import Town

from release_tools.sandbox.app import BESIDE, Exchange, template
from release_tools.sandbox.events import Delivery

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
