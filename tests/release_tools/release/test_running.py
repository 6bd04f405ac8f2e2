"""How a plan is run: looked at first, stopped where it must, and never taken for another plan's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shipyard import Slip

from convergence import records
from convergence.errors import UserError
from release_tools.release import running
from release_tools.release.running import State

ORDER = [
    *("gate", "propose", "land", "tag", "build", "verify"),
    *("rehearse", "publish", "confirm", "announce", "bump"),
]


def test_the_steps_are_files_in_an_order_that_they_state() -> None:
    steps = running.all_steps()
    assert [running.name_of(step) for step in steps] == ORDER
    assert len({step.ORDER for step in steps}) == len(steps)


def test_a_dry_run_looks_and_writes_nothing(slip: Slip) -> None:
    slip.plan()
    run = slip.begin()
    audit = run.audit.path.read_bytes()
    before = slip.yard.writes()
    (only,) = running.run(run, dry=True)
    assert (only.step, only.seen.state, only.acted) == ("gate", State.ABSENT, False)
    assert (run.audit.path.read_bytes(), slip.yard.writes()) == (audit, before)


def test_a_refused_gate_writes_nothing_on_github(slip: Slip) -> None:
    slip.plan()
    run = slip.begin()
    lines = run.audit.path.read_text().splitlines(keepends=True)
    run.audit.path.write_text(lines[0])  # nobody has taken anything on themselves
    last = running.run(slip.begin())[-1]
    assert (last.step, last.seen.state) == ("gate", State.REFUSED)
    assert last.seen.what.startswith("claims: ")
    assert slip.yard.writes() == []


def test_it_stops_where_it_was_told(slip: Slip) -> None:
    slip.plan()
    assert slip.go("gate").step == "gate"
    assert slip.yard.writes() == []


def test_another_plan_has_an_audit_of_its_own(slip: Slip) -> None:
    plan = slip.plan()
    slip.begin()
    records.write(slip.yard.out / "plan.json", replace(plan, notes="Other notes."))
    with pytest.raises(UserError, match=r"error\[another-plan\]"):
        slip.go()


def test_what_is_waited_for_is_written_down_once(slip: Slip) -> None:
    slip.plan()
    for _ in range(3):
        assert slip.go().seen.state is State.WAITING
    assert slip.yard.states().count("land waiting") == 1


def test_the_digest_of_a_plan_is_that_of_its_wheel(slip: Slip) -> None:
    """Another one, which converged, would pass the gates, and be tagged before the wheel is verified."""
    plan = slip.plan()
    records.write(
        slip.yard.out / "plan.json", replace(plan, wheel=replace(plan.wheel, content_digest="c" * 64))
    )
    refused = slip.go()
    assert (refused.step, refused.seen.state) == ("gate", State.REFUSED)
    assert refused.seen.what.endswith("and the plan says cccccccccccc: plan 1.3.0 anew")
    assert slip.yard.writes() == []
