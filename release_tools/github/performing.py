"""How each effect is carried out: compare first, then write what is missing; trying again is for others.

Every function may be called again after it failed half-way: it looks before it writes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from convergence.errors import UserError
from release_tools.github import nouns
from release_tools.github.errors import reason
from release_tools.github.patience import is_refusal
from release_tools.github.session import Session
from release_tools.model import (
    CancelRun,
    Check,
    Comment,
    Dispatch,
    Effect,
    IssueComment,
    Reaction,
    SetCheck,
    SetLabels,
    marker,
)

if TYPE_CHECKING:
    from github.WorkflowRun import WorkflowRun

GONE, CONFLICT = {404, 410}, 409
RACE = timedelta(minutes=10)  # within which another process may have looked and not written yet


@functools.singledispatch
def perform(effect: Effect, session: Session) -> None:
    """Has the effect, whether or not it is there already."""
    raise TypeError(effect, session)


@perform.register
def _comment(effect: Comment, session: Session) -> None:
    where = (effect.repository, effect.number)
    seen = session.comments(*where)
    if not _ours(seen, effect, session):
        issue = session.repository(effect.repository).get_issue(effect.number)
        created = issue.create_comment(_body(effect))
        made = nouns.comment(created)
        if not _is_ours(made, effect.key, session.login):
            _delete(created)
            raise _wrong_login(session.login, made.author.login)
        written_meanwhile = session.comments_since(*where, made.created_at - RACE)
        seen = tuple({one.id: one for one in (*seen, made, *written_meanwhile)}.values())
    first, *others = _ours(seen, effect, session)
    for other in others:  # of processes that wrote at the same time, the first one's stays
        _delete(session.issue_comment(effect.repository, other.id))
    if effect.replace and plain(first.body) != plain(_body(effect)):
        edited = session.issue_comment(effect.repository, first.id)
        edited.edit(_body(effect))
        seen = tuple(nouns.comment(edited) if one == first else one for one in seen)
    session.wrote_comments(*where, tuple(one for one in seen if one not in others))


def _wrong_login(expected: str, found: str) -> UserError:
    """Without this nothing of ours would be found again, and everything said twice."""
    return UserError(
        "wrong-login", f"the token is {found}'s, not {expected}'s", hint=f"set GITHUB_LOGIN to {found}"
    )


def _body(effect: Comment) -> str:
    return f"{effect.body.rstrip()}\n\n{marker(effect.key)}"


def _ours(seen: Iterable[IssueComment], effect: Comment, session: Session) -> list[IssueComment]:
    found = [one for one in seen if _is_ours(one, effect.key, session.login)]
    return sorted(found, key=lambda one: one.id)


def _is_ours(comment: IssueComment, key: str, login: str) -> bool:
    """By marker and author: anybody can write a marker, and the end of our own comments is ours."""
    return comment.author.login.lower() == login.lower() and plain(comment.body).endswith(marker(key))


def plain(body: str) -> str:
    """A text whichever way it was sent: GitHub keeps the line ends of a browser."""
    return body.replace("\r\n", "\n").rstrip()


def _delete(what: Any) -> None:
    from github import GithubException

    try:
        what.delete()
    except GithubException as error:
        if error.status not in GONE:
            raise


@perform.register
def _reaction(effect: Reaction, session: Session) -> None:
    """GitHub itself keeps one of a kind from each account."""
    session.issue_comment(effect.repository, effect.comment_id).create_reaction(effect.content)


@perform.register
def _check(effect: SetCheck, session: Session) -> None:
    """Of two that were made at the same time both are kept up: GitHub lets nobody remove one."""
    repository = session.repository(effect.repository)
    ours = [
        one
        for one in session.checks(effect.repository, effect.sha, effect.name)
        if one.external_id == effect.external_id and _is_by(one, session.login)
    ]
    for one in ours:
        if not _says(one, effect):
            changed = repository.get_check_run(one.id)
            changed.edit(**_fields(effect))
            session.wrote_check(effect.repository, effect.sha, nouns.check(changed))
    if not ours:
        made = repository.create_check_run(
            name=effect.name, head_sha=effect.sha, external_id=effect.external_id, **_fields(effect)
        )
        session.wrote_check(effect.repository, effect.sha, nouns.check(made))
        if not _is_by(nouns.check(made), session.login):
            raise _wrong_login(session.login, f"{nouns.check(made).app}[bot]")


def _is_by(check: Check, login: str) -> bool:
    return f"{check.app}[bot]".lower() == login.lower()


def _fields(effect: SetCheck) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "status": effect.status.value,
        "output": {"title": effect.title, "summary": _summary(effect)},
    }
    if effect.conclusion is not None:
        fields["conclusion"] = effect.conclusion.value
    if effect.details_url:
        fields["details_url"] = effect.details_url
    return fields


def _summary(effect: SetCheck) -> str:
    """GitHub refuses an output without one."""
    return effect.summary.strip() or effect.title


def _says(check: Check, effect: SetCheck) -> bool:
    conclusion = effect.conclusion.value if effect.conclusion else ""
    return (
        (check.status, check.conclusion, check.title) == (effect.status.value, conclusion, effect.title)
        and plain(check.summary) == plain(_summary(effect))
        and effect.details_url in {"", check.details_url}
    )


@perform.register
def _labels(effect: SetLabels, session: Session) -> None:
    where = (effect.repository, effect.number)
    issue = session.repository(effect.repository).get_issue(effect.number)
    there = session.labels(*where)
    known = {label.lower() for label in there}  # GitHub's labels differ by more than case
    missing = [label for label in effect.add if label.lower() not in known]
    if missing:
        issue.add_to_labels(*missing)
    unwanted = {label.lower() for label in effect.remove} - {label.lower() for label in effect.add}
    for label in there:
        if label.lower() in unwanted:
            _remove_label(issue, label)
    session.wrote_labels(*where, (*(one for one in there if one.lower() not in unwanted), *missing))


def _remove_label(issue: Any, label: str) -> None:
    from github import GithubException

    try:
        issue.remove_from_labels(label)
    except GithubException as error:
        if "label does not exist" not in reason(error).lower():
            raise


@perform.register
def _dispatch(effect: Dispatch, session: Session) -> None:
    workflow = session.repository(effect.repository).get_workflow(effect.workflow)
    if effect.key and any(effect.key in run.display_title.split() for run in _recent(workflow)):
        return
    try:
        workflow.create_dispatch(effect.ref, dict(effect.inputs), throw=True)
    except Exception as error:
        if effect.key or is_refusal(error):
            raise
        raise UserError(
            "perhaps-started",
            f"no answer to starting {effect.workflow}",
            where=effect.repository,
            hint="look at its runs before starting it again; a key would have told",
        ) from error


def _recent(workflow: Any) -> list[WorkflowRun]:
    """The latest runs that were started by hand, as many as one call gives."""
    return list(workflow.get_runs(event="workflow_dispatch").get_page(0))


@perform.register
def _cancel(effect: CancelRun, session: Session) -> None:
    """PyGithub's own cancel() passes over whatever GitHub says."""
    from github import GithubException

    session.repository(effect.repository)
    try:
        session.post(f"/repos/{effect.repository}/actions/runs/{effect.run_id}/cancel")
    except GithubException as error:
        if error.status != CONFLICT or "completed" not in reason(error):
            raise
