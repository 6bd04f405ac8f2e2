"""Step 7: it is on the default branch, however it came there, and works at the declared minimum."""

from __future__ import annotations

from release_tools.approvals import words
from release_tools.approvals.facts import Landing, Unknown
from release_tools.approvals.people import Case
from release_tools.approvals.rules import Before, blocked, done, missing, waiting
from release_tools.approvals.steps import Actor, Evidence, Step, StepState


def decide(case: Case, before: Before) -> StepState:
    """Merged or found; a merge before its turn cannot be missed."""
    first, pull = missing(before), case.facts.pull_request
    if first is not None:
        if pull.merged:
            return blocked(Step.LANDED, words.out_of_order(first), Actor.MOT, [_merged(case)])
        return waiting(Step.LANDED, words.own_turn(first), Actor.MOT)
    landing, installed = case.facts.landing, case.facts.installed
    if not isinstance(landing, Landing):
        why = words.untold(landing.why) if isinstance(landing, Unknown) else words.NOT_LANDED
        return waiting(Step.LANDED, why, Actor.MOT)
    there = Evidence(landing.how, sha=landing.sha, url=landing.url)
    if isinstance(installed, Unknown):
        return waiting(Step.LANDED, words.untold(installed.why), Actor.MOT, [there])
    if not installed.works:
        return waiting(Step.LANDED, words.not_installed(installed.line), Actor.RELEASE, [there])
    return done(Step.LANDED, there, Evidence(installed.line))


def _merged(case: Case) -> Evidence:
    return Evidence(words.MERGED, sha=case.facts.head, url=case.facts.pull_request.url, counts=False)
