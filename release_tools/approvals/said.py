"""The commands of the seven steps among the comments, as created; whether they count is not here."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from release_tools import slash
from release_tools.model import IssueComment, Snapshot
from release_tools.slash import Command

OURS = ("home", "approve", "record-approval")
_PERHAPS = re.compile(r"\s{0,200}/(home|approve|record-approval)\b", re.IGNORECASE | re.ASCII)
_LINK = re.compile(
    r"(?:https?://[^/\s]+/([^/\s]+/[^/\s]+)/(?:pull|issues)/([0-9]{1,9}))?#issuecomment-([0-9]{1,18})"
)


def commands(snapshot: Snapshot, name: str) -> Iterator[tuple[IssueComment, Any]]:
    """The comments that are this command, with its request, oldest first."""
    for comment in sorted(snapshot.comments, key=lambda one: (one.created_at, one.id)):
        if _PERHAPS.match(comment.body):
            heard = _heard(comment.body)
            if heard is not None and heard.name == name:
                yield comment, heard.request


def linked(link: str, repository: str, number: int) -> int | None:
    """The id of the comment that a link is to; None where it is to none of this pull request."""
    found = _LINK.fullmatch(link)
    if found is None:
        return None
    here = found[1] is None or (found[1].lower(), int(found[2])) == (repository.lower(), number)
    return int(found[3]) if here else None


@functools.lru_cache(maxsize=4096)
def _heard(body: str) -> Command | None:
    heard = slash.parse(body)
    return heard if isinstance(heard, Command) and heard.name in OURS else None
