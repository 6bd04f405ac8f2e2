"""Whether the headline claims are reproduced on the head: by content, of records that are believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from convergence.model import Outcome, Status
from release_tools.approvals import words
from release_tools.approvals.facts import Unknown
from release_tools.approvals.people import Case
from release_tools.approvals.steps import Actor, Evidence, Progress
from release_tools.jobs.history import Believed, Found

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Proof:
    """What the records say of the head.

    Attributes:
      progress: DONE where every headline claim is reproduced, and else why not.
      at: since when it is, by GitHub's clock.
      content_digest: of the TFMOT that it was with.
    """

    progress: Progress
    why: str = ""
    actor: Actor = Actor.MOT
    at: datetime = LONG_AGO
    content_digest: str = ""
    evidence: tuple[Evidence, ...] = ()


def prove(case: Case) -> Proof:
    """The verdict of the content that was tested last, among the content that the head has."""
    tier, needed = headline(case)
    if not needed:
        why = words.no_headline(case.facts.technique, case.policy.converge.evidence_tier)
        return Proof(Progress.BLOCKED, why, Actor.MOT)
    records = case.facts.records
    if isinstance(records, Unknown):
        return Proof(Progress.WAITING, words.untold(records.why), Actor.OWNER)
    about = [one for one in records if any(found.claim in needed for found in _counting(one, tier))]
    here = [one for one in about if case.facts.same_example(one.record.head_sha)]
    if not here:
        return _none_here(about, tier)
    digest = max(here, key=_order).record.content_digest
    same = [one for one in about if one.record.content_digest == digest]
    return _judge(case, same, digest, tier, needed)


def headline(case: Case) -> tuple[str, frozenset[str]]:
    """At which tier claims count, and the ids of the accepted ones the technique stands or falls with."""
    technique, wanted = case.facts.technique, case.policy.converge.evidence_tier
    named = case.policy.technique(technique).headline
    found = {
        claim.id: recipe.tier
        for recipe in case.recipes.values()
        for claim in recipe.claims
        if claim.technique == technique
        and claim.status is Status.ACCEPTED
        and (claim.id in named if named else claim.headline)
    }
    return wanted, frozenset(id_ for id_, tier in found.items() if tier == wanted)


def _judge(case: Case, same: Sequence[Believed], digest: str, tier: str, needed: frozenset[str]) -> Proof:
    """What the records of one content say together: a NOT_REPRODUCED among them stands."""
    here = sorted((one for one in same if case.facts.same_example(one.record.head_sha)), key=_order)
    for outcomes, answer in ((here, ""), (_untold(case, same), words.UNTOLD_RECORD)):
        for one in outcomes:
            failed = _claims(one, tier, needed, Outcome.NOT_REPRODUCED)
            if failed:
                what = words.not_reproduced(min(failed), digest, len(here))
                evidence = _evidence(case, one, what, counts=False)
                return Proof(Progress.BLOCKED, answer or what, Actor.CONTRIBUTOR, evidence=(evidence,))
    since: dict[str, Believed] = {}
    for one in here:
        for claim in _claims(one, tier, needed, Outcome.REPRODUCED):
            since.setdefault(claim, one)
    if since.keys() != needed:
        evidence = _evidence(case, here[-1], words.partly(len(since), len(needed), tier), counts=False)
        return Proof(Progress.WAITING, evidence.what, Actor.MOT, evidence=(evidence,))
    rests = sorted({id(one): one for one in since.values()}.values(), key=_order)
    shown = tuple(_evidence(case, one, words.reproduced(len(needed), digest, tier)) for one in rests)
    times = [one.at for one in rests]
    if None in times:
        return Proof(Progress.WAITING, words.UNDATED_RECORD, Actor.OWNER, evidence=shown)
    return Proof(Progress.DONE, "", Actor.NOBODY, max(filter(None, times)), digest, shown)


def _none_here(about: Sequence[Believed], tier: str) -> Proof:
    """The head has other content than what was tested, if anything was."""
    passed = [one for one in about if any(f.outcome is Outcome.REPRODUCED for f in _counting(one, tier))]
    if not passed:
        return Proof(Progress.WAITING, words.no_record(tier), Actor.MOT)
    last = max(passed, key=_order)
    digest = last.record.content_digest
    what = words.but(words.reproduced(1, digest, tier), words.CHANGED)
    evidence = Evidence(what, "", last.at, last.record.head_sha, last.record.run, counts=False)
    return Proof(Progress.STALE, words.STALE_RECORD, Actor.MOT, evidence=(evidence,))


def _untold(case: Case, same: Sequence[Believed]) -> list[Believed]:
    """Those of commits that are gone, so that nobody can say whether the example was this one."""
    return [one for one in same if case.facts.same_example(one.record.head_sha) is None]


def _counting(one: Believed, tier: str) -> list[Found]:
    """What counts of a record: accepted claims, at that tier, measured by us."""
    return [f for f in one.record.found if f.tier == tier and f.status is Status.ACCEPTED and not f.told]


def _claims(one: Believed, tier: str, needed: frozenset[str], outcome: Outcome) -> set[str]:
    return {found.claim for found in _counting(one, tier) if found.outcome is outcome} & needed


def _evidence(case: Case, one: Believed, what: str, *, counts: bool = True) -> Evidence:
    record = one.record
    carried = "" if record.head_sha == case.facts.head else words.SAME_EXAMPLE
    return Evidence(words.but(what, carried), "", one.at, record.head_sha, record.run, counts)


def _order(one: Believed) -> tuple[datetime, str]:
    return one.at or LONG_AGO, one.record.request_id
