"""Replies to the commands of the seven steps: whether what was said counts, by the decision that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from release_tools import replies
from release_tools.approvals import prose, words
from release_tools.approvals.steps import Evidence, TechniqueState
from release_tools.markdown import text
from release_tools.model import Reaction

if TYPE_CHECKING:
    from release_tools.approvals.reading import Reader as StepsReader
    from release_tools.conversation import Asked, Decided, Reader


@dataclass(frozen=True)
class Known:
    """Where the techniques of the pull request stand, with what was just said taken in."""

    states: tuple[TechniqueState, ...]


def read(asked: Asked, reader: Reader) -> Known:
    """The states; what is outside of GitHub is not asked for, so that the answer comes at once."""
    from release_tools.approvals.outside import Nowhere
    from release_tools.approvals.reading import Reading

    github = cast("StepsReader", reader)  # GitHub is all of it
    found = Reading(github, Nowhere(), asked.policy, asked.recipes).states(asked.snapshot)
    return Known(tuple(found))


def confirm(asked: Asked, known: Known) -> Iterator[Decided]:
    """Whether a comment counts, and for which techniques; nothing is kept but the comment itself."""
    event = asked.event
    if not known.states:
        yield Reaction(event.repository, event.comment.id, "confused")
        yield replies.reply(event, words.NO_TECHNIQUE)
        return
    found = [
        (state, one)
        for state in known.states
        for one in _about(state, event.comment.url, event.comment.author.login)
    ]
    counts = any(one.counts or words.EARLY in one.what for _, one in found)
    yield Reaction(event.repository, event.comment.id, "+1" if counts else "confused")
    lines = [f"- {text(state.technique)}: {_verdict(one)}" for state, one in found]
    yield replies.reply(event, "\n\n".join(["\n".join(lines) or words.COUNTS_NOT, *_help(asked)]))


def tell(asked: Asked, known: Known) -> Iterator[Decided]:
    """The states as they are shown."""
    shown = [prose.comment(state) for state in known.states]
    yield replies.reply(asked.event, "\n\n".join(shown) or words.NO_TECHNIQUE)


def _about(state: TechniqueState, url: str, login: str) -> Iterator[Evidence]:
    """What the decision makes of that comment."""
    for step in state.steps:
        yield from (one for one in step.evidence if one.url == url or words.recorded(login) in one.what)


def _verdict(one: Evidence) -> str:
    return f"**{words.COUNTS if one.counts else words.COUNTS_NOT}**: {text(one.what, most=400)}"


def _help(asked: Asked) -> Iterator[str]:
    """The line to copy, where a commit was not named, or not wholly."""
    head = asked.snapshot.pull_request.head_sha
    said = asked.event.comment.body.split()
    if said and said[0].lower() == "/approve" and f"@{head}" not in said:
        yield f"{words.COPY}\n\n```\n/approve @{head}\n```"
