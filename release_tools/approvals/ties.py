"""Which techniques a pull request is about, as it says itself; nothing is kept anywhere.

It is tied to a technique by any of: a label `technique:NAME`, which only who may triage sets; a block of
claims for it in the text (see `proposals`), with which a contributor says it; and a `/converge NAME` that was
accepted, as our own reply tells, so that only who had the right to ask ties it. Names that nobody knows tie
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from convergence import claims
from convergence.errors import UserError
from release_tools import proposals, slash
from release_tools.model import PullRequest, Snapshot, marker
from release_tools.slash import Command

LABEL = "technique:"
MOST = 8  # of one pull request: anybody can write a text, and each technique gets a comment
_CONVERGE = re.compile(r"\s{0,200}/converge\b", re.IGNORECASE | re.ASCII)
_REQUEST = re.compile(r"\| request \| `[0-9a-f]{16}` \|")


def techniques(snapshot: Snapshot, known: Collection[str], login: str) -> list[str]:
    """The names of the techniques, sorted.

    Args:
      known: techniques of the policy and of the accepted claims.
      login: whose replies are ours.
    """
    pull = snapshot.pull_request
    found = {*_labelled(pull, known), *_stated(pull), *_asked(snapshot, known, login)}
    return sorted(sorted(found, key=lambda name: (name not in known, name))[:MOST])


def perhaps(pull: PullRequest) -> bool:
    """Whether a pull request may be about a technique, as far as a list of them tells."""
    return any(label.startswith(LABEL) for label in pull.labels) or "toml claims" in pull.body


def _labelled(pull: PullRequest, known: Collection[str]) -> Iterator[str]:
    for label in pull.labels:
        name = label.removeprefix(LABEL).strip()
        if label.startswith(LABEL) and name in known:
            yield name


def _stated(pull: PullRequest) -> Iterator[str]:
    """Of a technique that is new nobody else knows yet."""
    try:
        yield from (
            one.technique for one in proposals.fenced(pull.body) if claims.NAME.fullmatch(one.technique)
        )
    except UserError:
        return


def _asked(snapshot: Snapshot, known: Collection[str], login: str) -> Iterator[str]:
    replies = [one for one in snapshot.comments if one.author.login.lower() == login.lower()]
    for comment in snapshot.comments:
        if not _CONVERGE.match(comment.body):
            continue
        heard = slash.parse(comment.body)
        if isinstance(heard, Command) and getattr(heard.request, "starts", False):
            mark = marker(f"reply-{comment.id}")
            if any(mark in one.body and _REQUEST.search(one.body) for one in replies):
                yield from (name for name in heard.request.techniques if name in known)
