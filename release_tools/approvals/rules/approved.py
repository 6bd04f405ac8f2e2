"""Step 4: MOT has approved the head after the numbers were reproduced on it; then Official Models' word."""

from __future__ import annotations

from dataclasses import replace

from release_tools.approvals import frame, reviews, verbal, words
from release_tools.approvals.evidence import Proof, prove
from release_tools.approvals.people import Case
from release_tools.approvals.reviews import Heard
from release_tools.approvals.rules import Before, blocked, done, stale, waiting
from release_tools.approvals.rules.home import decision
from release_tools.approvals.steps import Actor, Evidence, Progress, Step, StepState
from release_tools.model import Role


def decide(case: Case, _: Before) -> StepState:
    """First the record, then MOT, then, where the example lives there, Official Models."""
    proof = prove(case)
    is_proven = proof.progress is Progress.DONE
    mot = reviews.hear(case, Role.MOT, after=proof.at if is_proven else None)
    official = verbal.hear(case) if decision(case)[0] != "fork" else Heard()
    objections = (*mot.objections, *official.objections)
    if objections:
        said = (*proof.evidence, *later(mot), *later(official))
        return blocked(Step.APPROVED, "; ".join(objections), Actor.CONTRIBUTOR, said)
    if not is_proven:
        return _unproven(case, proof, (*proof.evidence, *later(mot), *later(official)))
    if not mot.approvals:
        said = (*proof.evidence, *mot.others, *later(official))
        return _missing(words.NO_MOT, Actor.MOT, said, is_stale=mot.stale)
    if decision(case)[0] == "fork":
        return done(Step.APPROVED, *proof.evidence, *mot.all)
    if not official.approvals:
        said = (*proof.evidence, *mot.all, *official.others)
        line = frame.approve_line(case.facts.head)
        return _missing(words.NO_OFFICIAL, Actor.OFFICIAL, said, line, is_stale=official.stale)
    return done(Step.APPROVED, *proof.evidence, *mot.all, *official.all)


def _unproven(case: Case, proof: Proof, evidence: tuple[Evidence, ...]) -> StepState:
    """Nobody has asked for a verdict on this, or it is not all there, or it is against it."""
    line = ""
    if proof.actor is Actor.MOT and proof.progress is not Progress.BLOCKED:
        tier = case.policy.converge.evidence_tier
        line = frame.converge_line(case.facts.technique, tier, case.facts.head)
    return StepState(Step.APPROVED, proof.progress, proof.why, proof.actor, evidence, line)


def _missing(
    why: str, actor: Actor, evidence: tuple[Evidence, ...], line: str = "", *, is_stale: bool
) -> StepState:
    if is_stale:
        return stale(Step.APPROVED, words.but(why, words.STALE_APPROVAL), actor, evidence, line)
    return waiting(Step.APPROVED, why, actor, evidence, line)


def later(heard: Heard, why: str = words.EARLY) -> tuple[Evidence, ...]:
    """What counts only once what comes before it is there, and says so."""
    early = (replace(one, what=words.but(one.what, why), counts=False) for one in heard.approvals)
    return (*early, *heard.others)
