"""How states are shown on a pull request: a comment and a check a technique, one label; nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from release_tools.approvals import prose
from release_tools.approvals.steps import Step, TechniqueState
from release_tools.github.performing import plain
from release_tools.model import (
    KEY,
    CheckStatus,
    Comment,
    Conclusion,
    Effect,
    SetCheck,
    SetLabels,
    Snapshot,
    marker,
)
from release_tools.policy import Policy

CHECK = "MOT process"


def effects(
    states: Sequence[TechniqueState], snapshot: Snapshot, policy: Policy, login: str
) -> Iterator[Effect]:
    """What is not shown yet.

    Args:
      login: whose comments and checks are ours.
    """
    for state in states:
        comment = Comment(state.repository, state.pull_request, key(state.technique), prose.comment(state))
        if not _is_said(comment, snapshot, login):
            yield comment
        shown = check(state)
        if not _is_shown(shown, snapshot, login):
            yield shown
    if states:
        yield from _labels(states, snapshot, policy.labels.prefix)


def key(technique: str) -> str:
    """What a technique's comment is found by."""
    readable = f"process:{technique}"
    return (
        readable
        if KEY.fullmatch(readable)
        else f"process:{hashlib.sha256(technique.encode()).hexdigest()[:16]}"
    )


def check(state: TechniqueState) -> SetCheck:
    """Green once it may be merged: where it is required, nothing lands out of order."""
    may_land = state.complete_to(Step.BUMPED)
    return SetCheck(
        repository=state.repository,
        sha=state.head_sha,
        name=CHECK,
        external_id=key(state.technique),
        status=CheckStatus.COMPLETED,
        title=prose.title(state),
        summary=prose.summary(state),
        conclusion=Conclusion.SUCCESS if may_land else Conclusion.ACTION_REQUIRED,
    )


def label(states: Sequence[TechniqueState], prefix: str) -> str:
    """That of the step that is waited for, of several techniques the earliest; empty once all is done."""
    current = [one.current.step for one in states if one.current]
    return prefix + min(current, key=lambda step: step.number).value if current else ""


def _labels(states: Sequence[TechniqueState], snapshot: Snapshot, prefix: str) -> Iterator[SetLabels]:
    pull, wanted = snapshot.pull_request, label(states, prefix)
    ours = {(prefix + step.value).lower() for step in Step}
    there = {one.lower() for one in pull.labels}
    add = (wanted,) if wanted and wanted.lower() not in there else ()
    remove = tuple(one for one in pull.labels if one.lower() in ours - {wanted.lower()})
    if add or remove:
        yield SetLabels(pull.repository, pull.number, add, remove)


def _is_said(effect: Comment, snapshot: Snapshot, login: str) -> bool:
    """Whether exactly one comment of ours has the key, and says this."""
    end = marker(effect.key)
    ours = [
        plain(one.body)
        for one in snapshot.comments
        if one.author.login.lower() == login.lower() and plain(one.body).endswith(end)
    ]
    return ours == [f"{plain(effect.body)}\n\n{end}"]


def _is_shown(effect: SetCheck, snapshot: Snapshot, login: str) -> bool:
    ours = [
        one
        for one in snapshot.checks
        if (one.name, one.external_id, one.sha) == (effect.name, effect.external_id, effect.sha)
        and f"{one.app}[bot]".lower() == login.lower()
    ]
    conclusion = effect.conclusion.value if effect.conclusion else ""
    wanted = (effect.status.value, conclusion, effect.title, plain(effect.summary))
    return bool(ours) and all(
        (one.status, one.conclusion, one.title, plain(one.summary)) == wanted for one in ours
    )
