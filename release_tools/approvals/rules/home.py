"""Step 1: Official Models has decided where the example lives, in the policy or by `/home` with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.approvals import words
from release_tools.approvals.people import Case
from release_tools.approvals.rules import Before, blocked, done, waiting
from release_tools.approvals.steps import Actor, Evidence, Step, StepState
from release_tools.model import IssueComment, Role

Said = tuple[str, Evidence]  # which home, and the comment that says so


def decide(case: Case, _: Before) -> StepState:
    """Where the example lives, and whether the pull request is there."""
    where, evidence = decision(case)
    own = case.policy.technique(case.facts.technique)
    if not where:
        why = words.HOME_WITHOUT_LINK if own.home else words.HOME_OPEN
        hidden = case.hidden(Role.OFFICIAL)
        asked = [one for one in evidence if not one.counts]
        why = words.but(why, words.hidden(hidden) if hidden and asked else "")
        return waiting(Step.HOME, why, Actor.OFFICIAL, evidence, words.HOME_LINE)
    ours = case.policy.repositories
    expected, here = (ours.models if where == "official" else ours.fork), case.facts.pull_request.repository
    if not expected:
        return blocked(Step.HOME, words.HOME_NO_FORK, Actor.OWNER, evidence)
    if expected.lower() != here.lower():
        why = words.elsewhere(where, expected, here)
        return blocked(Step.HOME, why, Actor.CONTRIBUTOR, evidence)
    return done(Step.HOME, *evidence)


def decision(case: Case) -> tuple[str, tuple[Evidence, ...]]:
    """`official`, `fork` or nothing; and all that was said of it, of which the last counts."""
    own = case.policy.technique(case.facts.technique)
    sound, others = _comments(case)
    if own.home and own.rfc:
        stated = Evidence(words.home(own.home, "as the policy says"), url=own.rfc)
        agree = [_not(one, "" if home == own.home else words.OVERRULED) for home, one in sound]
        return own.home, (stated, *agree, *others)
    if not sound:
        return "", tuple(others)
    *earlier, (where, last) = sound
    return where, (last, *(_not(one, words.LATER) for _, one in earlier), *others)


def _comments(case: Case) -> tuple[list[Said], list[Evidence]]:
    """Decisions by those who may, in order; and what does not count, with the reason."""
    sound: list[Said] = []
    others: list[Evidence] = []
    for comment, request in case.commands("home"):
        evidence = _evidence(comment, words.home_said(request.where, request.reason))
        problem = next(_problems(case, comment, request.reason), "")
        if problem:
            others.append(_not(evidence, problem))
        else:
            sound.append((request.where, evidence))
    return sound, others


def _problems(case: Case, comment: IssueComment, reason: str) -> Iterator[str]:
    voice = case.voice(comment.author, Role.OFFICIAL)
    if comment.edited:
        yield words.EDITED
    if not reason:
        yield words.NO_REASON
    if not voice.speaks:
        yield voice.why


def _evidence(comment: IssueComment, what: str) -> Evidence:
    return Evidence(what, comment.author.login, comment.created_at, url=comment.url)


def _not(evidence: Evidence, why: str) -> Evidence:
    return Evidence(
        words.but(evidence.what, why), evidence.by, evidence.at, evidence.sha, evidence.url, False
    )
