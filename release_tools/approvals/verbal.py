"""Official Models' word that it may depend on a release: `/approve @SHA`, or words that MOT recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from release_tools.approvals import reviews, said, words
from release_tools.approvals.facts import Unknown
from release_tools.approvals.people import Case
from release_tools.approvals.reviews import Heard, without
from release_tools.approvals.steps import Evidence
from release_tools.model import IssueComment, Role

WHOLE = 40  # digits of a commit that nobody can imitate


def hear(case: Case) -> Heard:
    """All that was said; objections are those of its members' reviews."""
    objections = reviews.hear(case, Role.OFFICIAL).objections
    found = [*_approvals(case), *_recorded(case)]
    counting = tuple(one for one, _ in found if one.counts)
    others = tuple(one for one, _ in found if not one.counts)
    return Heard(counting, objections, any(old for _, old in found), others)


def _approvals(case: Case) -> Iterator[tuple[Evidence, bool]]:
    for comment, request in case.commands("approve"):
        voice = case.voice(comment.author, Role.OFFICIAL)
        evidence = _evidence(comment, words.VERBAL, request.sha)
        if comment.edited:
            yield without(evidence, words.EDITED), False
        elif not voice.speaks:
            yield without(evidence, voice.why), False
        elif len(request.sha) < WHOLE:
            yield without(evidence, words.NOT_WHOLE if request.sha else words.NO_COMMIT), False
        else:
            yield reviews.on_head(case, evidence)


def _recorded(case: Case) -> Iterator[tuple[Evidence, bool]]:
    pull = case.facts.pull_request
    comments = {one.id: one for one in case.facts.snapshot.comments}
    for comment, request in case.commands("record-approval"):
        voice = case.voice(comment.author, Role.MOT)
        evidence = _evidence(comment, words.recorded(comment.author.login))
        target = said.linked(request.link, pull.repository, pull.number)
        if comment.edited:
            yield without(evidence, words.EDITED), False
        elif not voice.speaks:
            yield without(evidence, voice.why), False
        elif target is None:
            yield without(evidence, words.NOT_A_LINK), False
        elif target not in comments:
            yield without(evidence, words.COMMENT_GONE), False
        else:
            yield _original(case, comments[target], evidence)


def _original(case: Case, comment: IssueComment, record: Evidence) -> tuple[Evidence, bool]:
    """The comment that was recorded: it belongs to the commit that was the head when it was written."""
    voice = case.voice(comment.author, Role.OFFICIAL)
    evidence = replace(record, by=comment.author.login, at=comment.created_at, url=comment.url)
    if comment.edited:
        return without(evidence, words.COMMENT_EDITED), False
    if not voice.speaks:
        return without(evidence, voice.why), False
    sha = head_at(case, comment)
    if isinstance(sha, Unknown):
        return without(evidence, sha.why), False
    return reviews.on_head(case, replace(evidence, sha=sha))


def head_at(case: Case, comment: IssueComment) -> str | Unknown:
    """The commit that was the head when somebody wrote; a push in the same second could have been either."""
    pushes = case.facts.pushes
    if isinstance(pushes, Unknown):
        return Unknown(words.but(words.NOT_PUSHED, pushes.why))
    until = [push for push in pushes if push.at <= comment.created_at]
    latest = max((push.at for push in until), default=comment.created_at)
    heads = {push.sha for push in until if push.at == latest}
    if latest == comment.created_at or len(heads) != 1:
        return Unknown(words.NOT_PUSHED)
    return heads.pop()


def _evidence(comment: IssueComment, what: str, sha: str = "") -> Evidence:
    return Evidence(what, comment.author.login, comment.created_at, sha, comment.url)
