from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import patient
import pytest

from release_tools import doctor
from release_tools.doctor import Health, checks
from release_tools.doctor.acceptance import Acceptance
from release_tools.doctor.checks import Check, Named
from release_tools.doctor.findings import Finding, Severity, Untold, blocker, note, untold, warning
from release_tools.doctor.subject import Need, Subject

FOUND = blocker("it is broken", "a.py:3", "mend it")


def check(name: str, *items: Finding | Untold, needs: tuple[Need, ...] = (), fails: bool = False) -> Named:
    def examine(_: Subject) -> Iterator[Finding | Untold]:
        yield from items
        if fails:
            raise ZeroDivisionError("oh\nno")

    return Named(name, cast("Check", SimpleNamespace(title=name, needs=needs, examine=examine)))


def test_nothing_is_wrong_with_the_healthy() -> None:
    report = doctor.examine(patient.subject())
    serious = [f for f in report.findings if f.severity is not Severity.NOTE]
    assert (serious, report.could_not_tell, report.clean) == ([], (), True)
    assert [item.check for item in report.left_out] == ["environments"]
    assert len(report.examined) == len(checks.found()) - 1


def test_the_same_subject_gives_the_same_report() -> None:
    ill = patient.subject({"LICENSE": patient.gone, patient.PRUNE: patient.replaced("tf_keras", "torch")})
    assert doctor.examine(ill) == doctor.examine(ill)


def test_worst_first_each_with_its_check() -> None:
    made = [check("b", note("n", "x"), FOUND), check("a", warning("w", "y", ""), FOUND)]
    report = doctor.examine(Subject("it"), made=made)
    assert [(f.check, f.severity.value) for f in report.findings] == [
        ("a", "blocker"),
        ("b", "blocker"),
        ("a", "warning"),
        ("b", "note"),
    ]
    assert report.health is Health.BLOCKED


@pytest.mark.parametrize(
    ("items", "health"),
    [
        ((), Health.CLEAN),
        ((warning("w", "x", ""), note("n", "x")), Health.CLEAN),
        ((untold("u", "x", ""),), Health.UNTOLD),
        ((untold("u", "x", ""), FOUND), Health.BLOCKED),
    ],
)
def test_what_a_report_comes_to(items: tuple[Finding | Untold, ...], health: Health) -> None:
    report = doctor.examine(Subject("it"), made=[check("a", *items)])
    assert (report.health, report.clean) == (health, health is Health.CLEAN)


def test_a_check_that_fails_is_no_pass_and_keeps_what_it_had_found() -> None:
    report = doctor.examine(Subject("it"), made=[check("a", FOUND, fails=True), check("b")])
    assert [f.what for f in report.findings] == ["it is broken"]
    assert [(u.check, u.what) for u in report.could_not_tell] == [
        ("a", "the check ended with ZeroDivisionError: oh | no")
    ]
    assert not doctor.examine(Subject("it"), made=[check("a", fails=True)]).clean


def test_a_check_without_what_it_needs_is_left_out_and_said_to_be() -> None:
    report = doctor.examine(
        Subject("it"), made=[check("a", FOUND, needs=(Need.WHEEL, Need.TREE)), check("b")]
    )
    assert (report.findings, report.examined) == ((), ("b",))
    assert report.left_out == (doctor.LeftOut("a", "a source tree, a wheel"),)


def test_what_gathering_found_counts() -> None:
    subject = Subject("it", beforehand=(FOUND, untold("u", "x", "")))
    report = doctor.examine(subject, made=[])
    assert [f.check for f in report.items if isinstance(f, Finding)] == ["gathering"]
    assert [u.check for u in report.could_not_tell] == ["gathering"]


def accepts(item: Finding | Untold, name: str = "a", reason: str = "known since 2020") -> Acceptance:
    return Acceptance(*dataclasses.replace(item, check=name).key, reason)


def test_what_is_accepted_is_shown_with_its_reason_and_blocks_no_more() -> None:
    report = doctor.examine(Subject("it"), [accepts(FOUND)], [check("a", FOUND)])
    assert [(f.what, f.accepted, f.blocks) for f in report.findings] == [
        ("it is broken", "known since 2020", False)
    ]
    assert report.clean


def test_what_could_not_be_told_can_be_accepted() -> None:
    unknown = untold("u", "x", "")
    assert doctor.examine(Subject("it"), [accepts(unknown)], [check("a", unknown)]).clean


def test_an_acceptance_survives_that_lines_move() -> None:
    moved = dataclasses.replace(FOUND, where="a.py:77")
    assert doctor.examine(Subject("it"), [accepts(FOUND)], [check("a", moved)]).clean


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(FOUND, where="b.py:3"),
        dataclasses.replace(FOUND, what="it is more broken"),
    ],
)
def test_an_acceptance_is_of_one_finding_only(other: Finding) -> None:
    report = doctor.examine(Subject("it"), [accepts(FOUND)], [check("a", other)])
    assert [f.check for f in report.blockers] == ["a"]
    assert [f.check for f in report.findings if f.severity is Severity.WARNING] == ["acceptance"]


def test_a_stale_acceptance_is_reported_but_not_that_of_a_check_that_was_not_made() -> None:
    stale = [accepts(FOUND, "a"), accepts(FOUND, "b", "its issue is 7")]
    report = doctor.examine(Subject("it"), stale, [check("a", needs=(Need.WHEEL,)), check("b")])
    assert [(f.what, f.where) for f in report.findings] == [
        ("an acceptance of b matches no finding any more (its issue is 7)", "a.py")
    ]


def test_every_check_keeps_the_contract_and_says_what_it_is_for() -> None:
    found = checks.found()
    assert len(found) >= 14
    for named in found:
        assert named.check.title
        assert all(isinstance(need, Need) for need in named.check.needs)


def test_every_check_has_a_test_of_its_own() -> None:
    folder = Path(__file__).parent / "checks"
    tested = {path.stem.removeprefix("test_").replace("_", "-") for path in folder.glob("test_*.py")}
    assert {named.name for named in checks.found()} <= tested
