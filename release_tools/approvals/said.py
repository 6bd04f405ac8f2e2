"""The commands of the seven steps among the comments, as created; whether they count is not here."""

from __future__ import annotations

import functools
import re
from typing import Any

from release_tools import slash
from release_tools.model import IssueComment, Snapshot
from release_tools.slash import Command

OURS = ("home", "approve", "record-approval")
Said = tuple[IssueComment, Any]  # with what it asks for
_PERHAPS = re.compile(r"\s{0,200}/(home|approve|record-approval)\b", re.IGNORECASE | re.ASCII)
_LINK = re.compile(
    r"(?:https?://[^/\s]+/([^/\s]+/[^/\s]+)/(?:pull|issues)/([0-9]{1,9}))?#issuecomment-([0-9]{1,18})"
)


def commands(snapshot: Snapshot, name: str) -> list[Said]:
    """The comments that are this command, with its request, oldest first."""
    return by_name(snapshot).get(name, [])


def by_name(snapshot: Snapshot) -> dict[str, list[Said]]:
    """All of them by the command's name."""
    found: dict[str, list[Said]] = {}
    perhaps = [one for one in snapshot.comments if _PERHAPS.match(one.body)]
    for comment in sorted(perhaps, key=lambda one: (one.created_at, one.id)):
        heard = _heard(comment.body)
        if heard is not None:
            found.setdefault(heard.name, []).append((comment, heard.request))
    return found


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
