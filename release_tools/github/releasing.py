"""How tags and releases come and go: looked at before they are written, and what is public stays."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from convergence.errors import UserError
from release_tools.github import offering
from release_tools.github.errors import reason
from release_tools.github.performing import perform, plain
from release_tools.github.session import Session
from release_tools.publications import (
    ClosePullRequest,
    DeleteDraft,
    DeleteTag,
    PublishedRelease,
    PublishRelease,
    PushTag,
)

NOT_THERE = {404, 422}


def tag(session: Session, repository: str, name: str) -> str:
    """The commit that a tag names, or nothing."""
    from github import UnknownObjectException

    session.repository(repository)
    try:
        found = session.get(f"/repos/{repository}/git/ref/tags/{quote(name)}")["object"]
    except UnknownObjectException:
        return ""
    if found["type"] == "tag":  # an annotated one, which has a commit behind it
        found = session.get(f"/repos/{repository}/commits/{quote(f'tags/{name}', safe='')}", per_page="1")
    return str(found["sha"])


def release(session: Session, repository: str, name: str) -> PublishedRelease | None:
    """The release of a tag; where none is published, a draft that this token sees."""
    session.repository(repository)
    found = session.get(f"/repos/{repository}/releases", per_page="100")
    ours = sorted((one for one in found if one["tag_name"] == name), key=lambda one: bool(one["draft"]))
    return _release(ours[0]) if ours else None


def _release(found: dict[str, Any]) -> PublishedRelease:
    return PublishedRelease(found["id"], found["html_url"], bool(found["draft"]), found["body"] or "")


@perform.register
def _push_tag(effect: PushTag, session: Session) -> None:
    from github import GithubException

    there = tag(session, effect.repository, effect.tag)
    if not there:
        try:
            path = f"/repos/{effect.repository}/git/refs"
            session.send("POST", path, ref=f"refs/tags/{effect.tag}", sha=effect.sha)
        except GithubException as error:
            if "already exists" not in reason(error):
                raise
        there = tag(session, effect.repository, effect.tag)
    if there != effect.sha:
        raise UserError(
            "tag-elsewhere",
            f"{effect.tag} is at {there[:12] or 'nothing'}, not at {effect.sha[:12]}",
            where=effect.repository,
            hint="a tag is never moved: release another version, or let a person look at who made it",
        )


@perform.register
def _publish(effect: PublishRelease, session: Session) -> None:
    from github import GithubException

    there = release(session, effect.repository, effect.tag)
    texts = {"tag_name": effect.tag, "name": effect.name, "body": offering.marked(effect.body)}
    more = {"draft": False, "prerelease": effect.prerelease}
    here = f"/repos/{effect.repository}/releases"
    if there is None:
        try:
            session.send("POST", here, **texts, **more)
        except GithubException as error:
            if "already_exists" not in reason(error):
                raise
        return
    untouched = offering.is_untouched(there.body)
    if there.draft or (untouched and plain(there.body) != plain(texts["body"])):
        kept = texts if untouched or not there.body else {"tag_name": effect.tag}
        session.send("PATCH", f"{here}/{there.id}", **kept, **more)


@perform.register
def _delete_tag(effect: DeleteTag, session: Session) -> None:
    if tag(session, effect.repository, effect.tag) == effect.sha:
        _delete(session, f"/repos/{effect.repository}/git/refs/tags/{quote(effect.tag)}")


@perform.register
def _delete_draft(effect: DeleteDraft, session: Session) -> None:
    there = release(session, effect.repository, effect.tag)
    if there and there.draft:
        _delete(session, f"/repos/{effect.repository}/releases/{there.id}")


@perform.register
def _close(effect: ClosePullRequest, session: Session) -> None:
    path = f"/repos/{effect.repository}/pulls/{effect.number}"
    if session.get(path)["state"] == "open":
        session.send("PATCH", path, state="closed")
    if offering.tip(effect.repository, effect.branch, session) == effect.sha:
        _delete(session, f"/repos/{effect.repository}/git/refs/heads/{quote(effect.branch)}")


def _delete(session: Session, path: str) -> None:
    from github import GithubException

    try:
        session.delete(path)
    except GithubException as error:
        if error.status not in NOT_THERE:
            raise
