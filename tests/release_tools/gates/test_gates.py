"""What each gate says of facts: one set that passes, and one that is wrong in just one way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convergence.errors import UserError
from convergence.model import Outcome
from release_tools import gates
from release_tools.approvals.steps import Actor, Progress, Step, StepState, TechniqueState
from release_tools.doctor.findings import Finding, Severity
from release_tools.gates import CheckFact, ClaimFact, DoctorFact, Facts, Override, Published, StepsFact
from release_tools.release.nouns import GateResult

CLAIM, RUN = "pruning/mobilenetv2/accuracy", "https://github.com/tensorflow/models/actions/runs/7"
PULL = "https://github.com/tensorflow/models/pull/3"


def state(done_to: Step) -> TechniqueState:
    steps = tuple(
        StepState(step, Progress.DONE, "", Actor.NOBODY)
        if step.number <= done_to.number
        else StepState(step, Progress.STALE, "the head moved", Actor.MOT)
        for step in Step
    )
    return TechniqueState("pruning", "tensorflow/models", 3, "a" * 40, steps)


FACTS = Facts(
    version="0.8.2",
    content_digest="c" * 64,
    notes="Good.\n\n* Tested against TensorFlow 2.20.0.",
    wheel_sha256="d" * 64,
    claims=(ClaimFact("pruning", CLAIM, ((Outcome.REPRODUCED, RUN),)),),
    steps=(StepsFact("pruning", state(Step.APPROVED), PULL),),
    doctor=DoctorFact(()),
    published=Published(frozenset()),
    checks=(CheckFact("kokoro", "success"),),
)
FINDING = Finding("licence", "no licence", "METADATA", "add it", Severity.BLOCKER)


def says(facts: Facts, gate: str) -> tuple[bool, str, str]:
    (found,) = [one for one in gates.judge(facts) if one.gate == gate]
    return found.passed, found.reason, found.url


def test_all_pass() -> None:
    assert [(one.gate, one.passed, one.reason, one.url) for one in gates.judge(FACTS)] == [
        ("checks", True, "green: kokoro", ""),
        ("claims", True, f"1 of 1 headline claims reproduced at full scale for {'c' * 12}", RUN),
        ("doctor", True, "clean", ""),
        ("notes", True, "3 lines", ""),
        ("steps", True, "approved: pruning", PULL),
        ("version-free", True, "0.8.2 is not on the index", ""),
    ]


@pytest.mark.parametrize("outcomes", [(), ((Outcome.REPRODUCED, RUN),)])
def test_a_rehearsal_says_that_it_is_one(outcomes: tuple[tuple[Outcome, str], ...]) -> None:
    facts = replace(FACTS, tier="smoke", claims=(ClaimFact("pruning", CLAIM, outcomes),))
    passed, reason, _ = says(facts, "claims")
    assert passed is bool(outcomes)
    assert "at the smoke tier, which this policy lets stand for full: a rehearsal" in reason


@pytest.mark.parametrize(
    ("gate", "facts", "reason"),
    [
        ("claims", replace(FACTS, claims=()), "the policy names no technique with a headline claim"),
        (
            "claims",
            replace(FACTS, claims=(ClaimFact("pruning", CLAIM),)),
            f"{CLAIM} has not been reproduced at full scale for this content",
        ),
        (
            "claims",
            replace(
                FACTS,
                claims=(
                    ClaimFact("pruning", CLAIM, ((Outcome.NOT_REPRODUCED, RUN), (Outcome.REPRODUCED, RUN))),
                    ClaimFact("qat", "qat/x/y"),
                ),
            ),
            f"{CLAIM} is not reproduced, and 1 more",
        ),
        ("steps", replace(FACTS, steps=()), "the policy names no technique"),
        (
            "steps",
            replace(FACTS, steps=(StepsFact("pruning", None), StepsFact("qat", None))),
            "pruning: no pull request of this technique is known; and so qat",
        ),
        (
            "steps",
            replace(FACTS, steps=(StepsFact("pruning", state(Step.STANDARDS), PULL),)),
            "pruning: step 4, approved: the head moved (MOT's turn)",
        ),
        ("doctor", replace(FACTS, doctor=None), "the doctor has not been run"),
        (
            "doctor",
            replace(FACTS, doctor=DoctorFact((FINDING, FINDING))),
            "licence: no licence (METADATA), and 1 more",
        ),
        ("doctor", replace(FACTS, doctor=DoctorFact((), ("imports",))), "could not tell: imports"),
        ("notes", replace(FACTS, notes=" \n"), "RELEASE.md says nothing of 0.8.2"),
        (
            "notes",
            replace(FACTS, notes="Good."),
            "no “Tested against” line: give --tested-against, or write it under the next release",
        ),
        (
            "version-free",
            replace(FACTS, published=Published(None)),
            "the package index did not say what it has",
        ),
        (
            "version-free",
            replace(FACTS, published=Published(frozenset({"e" * 64}))),
            f"0.8.2 is on the index with other content ({'e' * 12})",
        ),
        (
            "version-free",
            replace(FACTS, published=Published(frozenset({"d" * 64, "e" * 64}))),
            f"0.8.2 is on the index with other content ({'d' * 12})",
        ),
        ("checks", replace(FACTS, checks=(CheckFact("kokoro", ""),)), "kokoro: not there, or not finished"),
        (
            "checks",
            replace(FACTS, checks=(CheckFact("a", "success"), CheckFact("b", "failure"))),
            "b: failure",
        ),
    ],
)
def test_one_refuses(gate: str, facts: Facts, reason: str) -> None:
    assert says(facts, gate)[:2] == (False, reason)
    assert [one.gate for one in gates.judge(facts) if not one.passed] == [gate]


@pytest.mark.parametrize(
    ("gate", "facts", "reason"),
    [
        ("checks", replace(FACTS, checks=()), "the policy names none"),
        (
            "version-free",
            replace(FACTS, published=Published(frozenset({"d" * 64}))),
            "0.8.2 is on the index already, as this very wheel",
        ),
        (
            "version-free",
            replace(FACTS, published=Published(frozenset({"e" * 64}), frozenset({"c" * 64}))),
            "0.8.2 is on the index already, with this content",
        ),
        (
            "doctor",
            replace(FACTS, doctor=DoctorFact((replace(FINDING, accepted="since 2019"),))),
            "clean, 1 findings that do not stop it, accepted: licence (since 2019)",
        ),
        (
            "steps",
            replace(FACTS, steps=(StepsFact("pruning", state(Step.LANDED), PULL),)),
            "approved: pruning",
        ),
    ],
)
def test_it_passes_too(gate: str, facts: Facts, reason: str) -> None:
    assert says(facts, gate)[:2] == (True, reason)


def test_an_override_is_by_name_and_is_said() -> None:
    facts = replace(FACTS, doctor=None, notes="")
    found = {one.gate: one for one in gates.judge(facts, [Override("doctor", "mona", "by hand")])}
    expected = GateResult(
        "doctor", passed=False, reason="the doctor has not been run", overridden="mona: by hand"
    )
    assert found["doctor"] == expected
    assert (found["doctor"].refuses, found["notes"].refuses) == (False, True)


def test_what_passes_needs_no_override() -> None:
    found = gates.judge(FACTS, [Override(name, "mona", "x") for name in gates.names()])
    assert {one.overridden for one in found} == {""}


def test_an_unknown_gate_is_said_with_those_that_there_are() -> None:
    with pytest.raises(UserError, match=r"error\[unknown-gate\].*version-free"):
        gates.require_known("steps-and-all")
