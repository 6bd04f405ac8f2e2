"""How changes are suggested on somebody else's pull request: one review, found by its marker and author."""

from __future__ import annotations

from typing import Any

from release_tools.github.performing import perform, plain
from release_tools.github.session import Session
from release_tools.markdown import fenced
from release_tools.model import marker
from release_tools.offers import Suggest, Suggestion


@perform.register
def _suggest(effect: Suggest, session: Session) -> None:
    if any(_is_ours(one, effect, session.login) for one in _reviews(effect, session)):
        return
    session.send(
        "POST",
        f"/repos/{effect.repository}/pulls/{effect.number}/reviews",
        commit_id=effect.sha,
        event="COMMENT",
        body=f"{effect.body.rstrip()}\n\n{marker(effect.key)}",
        comments=[_comment(one) for one in effect.suggestions],
    )


def _reviews(effect: Suggest, session: Session) -> list[Any]:
    return list(session.repository(effect.repository).get_pull(effect.number).get_reviews())


def _is_ours(review: Any, effect: Suggest, login: str) -> bool:
    author = review.user.login if review.user else ""
    return author.lower() == login.lower() and plain(review.body or "").endswith(marker(effect.key))


def _comment(one: Suggestion) -> dict[str, Any]:
    lines = {"line": one.line, "side": "RIGHT"}
    if one.start < one.line:
        lines |= {"start_line": one.start, "start_side": "RIGHT"}
    return {"path": one.path, "body": fenced(one.new, "suggestion"), **lines}
