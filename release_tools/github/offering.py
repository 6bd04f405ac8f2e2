"""How a pull request is offered: its branch, its text and its labels, each looked at before it is written."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import quote

from convergence.errors import UserError
from release_tools import offers
from release_tools.github.errors import reason
from release_tools.github.patience import is_rate_limit
from release_tools.github.performing import perform, plain
from release_tools.github.session import Session
from release_tools.model import SetLabels, marker
from release_tools.offers import Content, Offered, OpenPullRequest, Standing, Written

COMMITS = 250  # that one answer compares; more are nobody's bump
READ_ONLY = {403, 404}  # GitHub hides what a token may not write


@perform.register
def _open(effect: OpenPullRequest, session: Session) -> None:
    there = standing(effect, session)
    stands = offers.obstacle(effect, there, session.login)
    if stands:
        raise UserError(stands.code.value, stands.what, where=effect.repository, hint=stands.works)
    if not offers.is_there(effect, there):
        _set_branch(effect, there.tip, session)
    pull = there.pull or _propose(effect, session)
    if is_untouched(pull.body) and plain(pull.body) != plain(marked(effect.body)):
        session.send("PATCH", f"/repos/{effect.repository}/pulls/{pull.number}", body=marked(effect.body))
    if effect.labels:
        perform(SetLabels(effect.repository, pull.number, add=effect.labels), session)


def standing(offer: OpenPullRequest, session: Session) -> Standing:
    """What there is of the offer now."""
    pulls = _pulls(offer, session)
    at = tip(offer.repository, offer.branch, session)
    if not at:
        return Standing(pulls=pulls)
    found = session.get(f"/repos/{offer.repository}/compare/{offer.base_sha}...{at}")
    commits = tuple(map(_written, found["commits"]))
    if found["total_commits"] > len(commits):
        commits = (*commits, Written(at, "many people", "", ""))
    changed = frozenset((one["filename"], one["sha"] or "") for one in found["files"])
    return Standing(at, found["merge_base_commit"]["sha"], commits, changed, pulls)


def _written(found: dict[str, Any]) -> Written:
    """A commit; without an account its author is whom git names."""
    commit = found["commit"]
    account = found["author"] or {}
    author = account.get("login") or f"{commit['author']['name']}, who has no account here"
    return Written(found["sha"], author, commit["message"], commit["tree"]["sha"])


def tip(repository: str, branch: str, session: Session) -> str:
    """The commit that a branch is at, or nothing."""
    from github import UnknownObjectException

    try:
        path = f"/repos/{repository}/git/ref/heads/{quote(branch)}"
        return str(session.get(path)["object"]["sha"])
    except UnknownObjectException:
        return ""


def _pulls(offer: OpenPullRequest, session: Session) -> tuple[Offered, ...]:
    """Those from the branch, newest first."""
    owner, _, _ = offer.repository.partition("/")
    found = session.get(
        f"/repos/{offer.repository}/pulls",
        head=f"{owner}:{offer.branch}",
        state="all",
        sort="created",
        direction="desc",
    )
    return tuple(_offered(one) for one in found if _is_from(one, offer))


def _is_from(found: dict[str, Any], offer: OpenPullRequest) -> bool:
    head = found["head"]
    name = head["repo"]["full_name"] if head["repo"] else ""
    return bool(head["ref"] == offer.branch and name.lower() == offer.repository.lower())


def _offered(found: dict[str, Any]) -> Offered:
    return Offered(
        number=found["number"],
        url=found["html_url"],
        base=found["base"]["ref"],
        body=found["body"] or "",
        open=found["state"] == "open",
        merged=found["merged_at"] is not None,
    )


def _set_branch(effect: OpenPullRequest, at: str, session: Session) -> None:
    """Have the branch at a new commit of ours; where it is at `at`, that is given up."""
    from github import GithubException

    here = f"/repos/{effect.repository}/git"
    try:
        sha = _commit(effect, here, session)
        if at:
            session.send("PATCH", f"{here}/refs/heads/{quote(effect.branch)}", sha=sha, force=True)
        else:
            session.send("POST", f"{here}/refs", ref=f"refs/heads/{effect.branch}", sha=sha)
    except GithubException as error:
        if error.status not in READ_ONLY or is_rate_limit(error):
            raise
        raise UserError(
            "no-permission",
            f"the token may not write to {effect.repository}: {reason(error)}",
            where=effect.branch,
            hint=f"give it {_rights(effect)}, and let it make branches where rules restrict that",
        ) from error


def _rights(effect: OpenPullRequest) -> str:
    """GitHub takes files of workflows from who may write those, too."""
    workflows = any(one.path.startswith(".github/workflows/") for one in effect.files)
    return "contents: write and workflows: write" if workflows else "contents: write"


def _commit(effect: OpenPullRequest, here: str, session: Session) -> str:
    """A commit with the files, which no branch has yet."""
    base = session.get(f"{here}/commits/{effect.base_sha}")["tree"]["sha"]
    entries = [_entry(one, here, session) for one in effect.files]
    tree = session.send("POST", f"{here}/trees", base_tree=base, tree=entries)["sha"]
    message = offers.commit_message(effect, tree)
    made = session.send("POST", f"{here}/commits", message=message, tree=tree, parents=[effect.base_sha])
    return str(made["sha"])


def _entry(file: Content, here: str, session: Session) -> dict[str, str]:
    content = base64.b64encode(file.content).decode()
    sha = session.send("POST", f"{here}/blobs", content=content, encoding="base64")["sha"]
    return {"path": file.path, "mode": file.mode, "type": "blob", "sha": sha}


def _propose(effect: OpenPullRequest, session: Session) -> Offered:
    """A new pull request, or the one that another process has opened meanwhile."""
    from github import GithubException

    texts = {"title": effect.title, "body": marked(effect.body)}
    where = {"head": effect.branch, "base": effect.base}
    try:
        return _offered(session.send("POST", f"/repos/{effect.repository}/pulls", **texts, **where))
    except GithubException as error:
        opened = [one for one in _pulls(effect, session) if one.open]
        if "already exists" not in reason(error) or not opened:
            raise
        return opened[0]


def marked(body: str) -> str:
    """A body with a last line, which GitHub does not show, that tells whether somebody edited it."""
    return f"{body.rstrip()}\n\n{marker(f'body:{_digest(body)}')}"


def is_untouched(body: str) -> bool:
    """Whether a body is as we wrote it."""
    text, _, last = plain(body).rpartition("\n\n")
    return last == marker(f"body:{_digest(text)}")


def _digest(text: str) -> str:
    return hashlib.sha256(plain(text).encode()).hexdigest()[:16]
