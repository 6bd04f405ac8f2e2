"""Step 1: Official Models has decided where the example lives, in the policy or by `/home` with a reason."""

from __future__ import annotations

from release_tools.approvals import frame, words
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
        why = words.but(why, words.hidden(hidden) if hidden and evidence else "")
        return waiting(Step.HOME, why, Actor.OFFICIAL, evidence, frame.HOME_LINE)
    ours = case.policy.repositories
    expected, here = (ours.models if where == "official" else ours.fork), case.facts.pull_request.repository
    if not expected:
        return blocked(Step.HOME, words.HOME_NO_FORK, Actor.OWNER, evidence)
    if expected.lower() != here.lower():
        why = words.elsewhere(where, expected, here)
        return blocked(Step.HOME, why, Actor.CONTRIBUTOR, evidence)
    return done(Step.HOME, *evidence)


def decision(case: Case) -> tuple[str, tuple[Evidence, ...]]:
    """`official`, `fork` or nothing; and all that was said of it, of which the last counts.

    Nothing also where the last was said by somebody who may be a member: it could have decided otherwise.
    """
    own = case.policy.technique(case.facts.technique)
    sound, others, untold = _comments(case)
    if own.home and own.rfc:
        stated = Evidence(words.home(own.home, "as the policy says"), url=own.rfc)
        agree = [one if home == own.home else _not(one, words.OVERRULED) for home, one in sound]
        return own.home, (stated, *agree, *others)
    if not sound or untold:
        return "", (*(_not(one, words.LATER) for _, one in sound), *others)
    *earlier, (where, last) = sound
    return where, (last, *(_not(one, words.LATER) for _, one in earlier), *others)


def _comments(case: Case) -> tuple[list[Said], list[Evidence], bool]:
    """Decisions by those who may, in order; what does not count; whether the last is somebody unknown's."""
    sound: list[Said] = []
    others: list[Evidence] = []
    untold = False
    for comment, request in case.commands("home"):
        evidence = _evidence(comment, words.home_said(request.where, request.reason))
        voice = case.voice(comment.author, Role.OFFICIAL)
        problem = words.EDITED if comment.edited else "" if request.reason else words.NO_REASON
        if problem or not voice.speaks:
            others.append(_not(evidence, problem or voice.why))
            untold = untold or (not problem and voice.speaks is None)
        else:
            sound.append((request.where, evidence))
            untold = False
    return sound, others, untold


def _evidence(comment: IssueComment, what: str) -> Evidence:
    return Evidence(what, comment.author.login, comment.created_at, url=comment.url)


def _not(evidence: Evidence, why: str) -> Evidence:
    return Evidence(
        words.but(evidence.what, why), evidence.by, evidence.at, evidence.sha, evidence.url, False
    )
