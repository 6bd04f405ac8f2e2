"""Workflows are started once and runs ended once, whatever goes wrong; where nobody can tell, it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.model import CancelRun, Dispatch
from release_tools.sandbox import faults, runs
from release_tools.sandbox.automation import Run
from release_tools.sandbox.faults import Fault

WORKFLOW = "name: converge\nrun-name: converge ${{ inputs.request }}\non: workflow_dispatch\n"
BEFORE = [faults.too_many(7), faults.secondary_limit(None), faults.bad_gateway(), faults.dropped()]
AFTER = [faults.bad_gateway(performed=True), faults.dropped(performed=True)]


def name(fault: Fault) -> str:
    return fault.name


@pytest.fixture
def dispatch(town: Town, repository: str) -> Dispatch:
    files = {".github/workflows/converge.yml": WORKFLOW}
    town.world.commit(town.base, "master", files, town.mona)
    return Dispatch(repository, "converge.yml", "master", {"request": "r1"}, key="r1")


@pytest.fixture
def run(town: Town, dispatch: Dispatch) -> Run:
    return runs.start(town.world, town.base, ".github/workflows/converge.yml", "issue_comment", town.mona)


def started(town: Town) -> list[object]:
    return [one.inputs["request"] for one in town.base.dispatches]


def test_a_workflow_is_started_once(github: GitHub, town: Town, dispatch: Dispatch) -> None:
    for key in ("r10", "r1", "r1", "r10"):
        github.perform(replace(dispatch, key=key, inputs={"request": key}))
    assert started(town) == ["r10", "r1"]


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER], ids=name)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_workflow_is_started_once_whatever_goes_wrong(
    github: GitHub, town: Town, dispatch: Dispatch, fault: Fault, method: str
) -> None:
    town.world.faults.add(fault, method)
    github.perform(dispatch)
    assert (started(town), town.world.faults.pending()) == (["r1"], 0)


def test_without_a_key_it_is_started_each_time(github: GitHub, town: Town, dispatch: Dispatch) -> None:
    for _ in range(2):
        github.perform(replace(dispatch, key=""))
    assert started(town) == ["r1", "r1"]


@pytest.mark.parametrize("fault", BEFORE[:2], ids=name)
def test_without_a_key_a_refusal_is_tried_again(
    github: GitHub, town: Town, dispatch: Dispatch, fault: Fault
) -> None:
    town.world.faults.add(fault, "POST")
    github.perform(replace(dispatch, key=""))
    assert started(town) == ["r1"]


@pytest.mark.parametrize("fault", [*BEFORE[2:], *AFTER], ids=name)
def test_without_a_key_nobody_can_tell(github: GitHub, town: Town, dispatch: Dispatch, fault: Fault) -> None:
    town.world.faults.add(fault, "POST")
    with pytest.raises(UserError, match=r"perhaps-started.*look at its runs"):
        github.perform(replace(dispatch, key=""))
    assert started(town) == (["r1"] if fault.performed else [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"workflow": "gone.yml"}, r"not-found.*start gone\.yml"),
        ({"ref": "nowhere"}, r"refused.*422.*No ref found for: nowhere"),
    ],
)
@pytest.mark.parametrize("key", ["", "r1"])
def test_what_pygithub_would_pass_over_is_an_error(
    github: GitHub, dispatch: Dispatch, change: dict[str, str], said: str, key: str
) -> None:
    with pytest.raises(UserError, match=said):
        github.perform(replace(dispatch, key=key, **change))


@pytest.mark.parametrize("fault", [None, *BEFORE, *AFTER], ids=lambda one: one.name if one else "none")
def test_a_run_is_ended_once(github: GitHub, town: Town, run: Run, fault: Fault | None) -> None:
    if fault:
        town.world.faults.add(fault, "POST")
    for _ in range(2):
        github.perform(CancelRun(town.base.full_name, run.id))
    assert (run.conclusion, town.world.faults.pending()) == ("cancelled", 0)


def test_a_run_that_ended_keeps_its_conclusion(github: GitHub, town: Town, run: Run) -> None:
    runs.finish(town.world, run, "success")
    github.perform(CancelRun(town.base.full_name, run.id))
    assert run.conclusion == "success"


def test_a_run_that_is_not_there_is_said(github: GitHub, repository: str) -> None:
    with pytest.raises(UserError, match=r"not-found.*cancel run 99"):
        github.perform(CancelRun(repository, 99))
