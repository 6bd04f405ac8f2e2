"""Faults happen when they shall, and leave the world as they say."""

from __future__ import annotations

import github
import pytest
import requests
from town import Town

from release_tools.sandbox import faults, inprocess
from release_tools.sandbox.faults import Fault
from release_tools.sandbox.gateway import DroppedError
from release_tools.sandbox.server import served
from release_tools.sandbox.world import Call

ISSUES = "/repos/tensorflow/models/issues"


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "made"),
    [
        (faults.too_many(7), 429, "7", 0),
        (faults.secondary_limit(9), 403, "9", 0),
        (faults.secondary_limit(None), 403, None, 0),
        (faults.bad_gateway(), 502, None, 0),
        (faults.bad_gateway(performed=True), 502, None, 1),
        (faults.slow(0), 201, None, 1),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else None,
)
def test_a_fault_and_the_call_after_it(
    town: Town, fault: Fault, status: int, retry_after: str | None, made: int
) -> None:
    town.world.faults.add(fault, "POST", "/issues$")
    answer = town.call(town.mona, "POST", ISSUES, {"title": "One"})
    assert (answer.status, answer.headers.get("Retry-After"), len(town.base.issues)) == (
        status,
        retry_after,
        made,
    )
    assert town.call(town.mona, "POST", ISSUES, {"title": "Two"}).status == 201
    assert town.world.calls == [
        Call("POST", ISSUES, "mona", status, fault.name),
        Call("POST", ISSUES, "mona", 201),
    ]
    assert town.world.faults.pending() == 0


@pytest.mark.parametrize(("performed", "made"), [(False, 0), (True, 1)])
def test_a_dropped_answer(town: Town, performed: bool, made: int) -> None:
    town.world.faults.add(faults.dropped(performed=performed))
    with pytest.raises(DroppedError, match="POST"):
        town.call(town.mona, "POST", ISSUES, {"title": "One"})
    assert (len(town.base.issues), town.world.calls[0].status) == (made, 0)


@pytest.mark.parametrize("transport", ["in-process", pytest.param("HTTP", marks=pytest.mark.enable_socket)])
@pytest.mark.parametrize("performed", [False, True])
def test_pygithub_sees_a_dropped_answer_as_from_a_real_connection(
    town: Town, transport: str, performed: bool
) -> None:
    def issue(base_url: str) -> None:
        auth = github.Auth.Token(town.world.token(town.mona))
        client = github.Github(auth=auth, base_url=base_url, retry=None, lazy=True)
        repository = client.get_repo("tensorflow/models")
        town.world.faults.add(faults.dropped(performed=performed), "POST")
        with pytest.raises(requests.exceptions.ConnectionError):
            repository.create_issue("One")

    if transport == "HTTP":
        with served(town.world) as url:
            issue(url)
    else:
        with inprocess.connected(town.gateway):
            issue(github.Consts.DEFAULT_BASE_URL)
    assert len(town.base.issues) == int(performed)


def test_rules_are_used_up_in_order_and_may_skip_calls(town: Town) -> None:
    rules = town.world.faults
    rules.add(faults.too_many(), "GET|POST", "/labels", times=2, skip=1)
    rules.add(faults.bad_gateway(), path="/labels")
    asked = [
        ("GET", "/labels"),
        ("DELETE", "/other"),
        ("GET", "/labels/x"),
        ("POST", "/labels"),
        ("GET", "/labels"),
    ]
    found = [rules.take(method, path) for method, path in asked]
    assert [fault and fault.name for fault in found] == ["502", None, "429", "429", None]
    assert rules.pending() == 0


def test_a_slow_answer_takes_its_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    town.world.faults.add(faults.slow(30))
    assert (town.call(None, "GET", ISSUES).status, slept) == (200, [30])


def test_faults_come_at_random_and_the_same_for_the_same_seed(town: Town) -> None:
    found = town.world.faults

    def met(seed: int, rate: float, path: str = "") -> list[str]:
        found.at_random(seed, rate, path)
        taken = [found.take("GET", f"/{number % 2}") for number in range(400)]
        return [fault.name if fault else "" for fault in taken]

    one = met(1, 0.3)
    assert met(1, 0.3) == one != met(2, 0.3)
    assert {name for name in one if name} == {fault.name for fault in faults.every()}
    assert 80 < len([name for name in one if name]) < 160
    assert met(1, 0.0) == [""] * 400
    assert met(1, 1.0, "/1")[::2] == [""] * 200
    assert "" not in met(1, 1.0, "/1")[1::2]


def test_a_rule_goes_before_chance_and_what_was_met_is_known(town: Town) -> None:
    found = town.world.faults
    found.add(faults.dropped(), "POST")
    found.at_random(1, 1.0, kinds=[faults.too_many()])
    named = [fault.name for method in ("POST", "POST", "GET") if (fault := found.take(method, "/x"))]
    assert (named, found.met, found.pending()) == (["dropped", "429", "429"], ["429", "429"], 0)
