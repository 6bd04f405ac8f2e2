"""Replies to the commands of the seven steps: whether what was said counts, by the decision that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from release_tools import replies
from release_tools.approvals import frame, prose, said, words
from release_tools.approvals.shown import key
from release_tools.approvals.steps import Evidence, TechniqueState
from release_tools.github.performing import plain
from release_tools.markdown import text
from release_tools.model import Reaction, marker

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
        yield replies.reply(event, text(frame.NO_TECHNIQUE))
        return
    found = [(state, one) for state in known.states for one in _about(asked, state)]
    heard = any(one.counts or words.EARLY in one.what for _, one in found)
    yield Reaction(event.repository, event.comment.id, "+1" if heard else "confused")
    lines = [f"- {text(state.technique)}: {_verdict(one)}" for state, one in found]
    yield replies.reply(event, "\n\n".join(["\n".join(lines) or frame.COUNTS_NOT, *_help(asked)]))


def tell(asked: Asked, known: Known) -> Iterator[Decided]:
    """The states; of one that is shown already, where: that comment knows more, and is kept up to date."""
    shown = [_shown(asked, state) for state in known.states]
    yield replies.reply(asked.event, "\n\n".join(shown) or text(frame.NO_TECHNIQUE))


def _shown(asked: Asked, state: TechniqueState) -> str:
    end = marker(key(state.technique))
    for one in asked.snapshot.comments:
        if one.author.bot and plain(one.body).endswith(end):
            return f"[{text(frame.stands(state.technique))}]({one.url})."
    return prose.comment(state)


def _about(asked: Asked, state: TechniqueState) -> Iterator[Evidence]:
    """What the decision makes of the comment, and of the one that it records."""
    pull, comment = asked.snapshot.pull_request, asked.event.comment
    links = [
        said.linked(request.link, pull.repository, pull.number)
        for one, request in said.commands(asked.snapshot, "record-approval")
        if one.id == comment.id
    ]
    recorded = [one.url for one in asked.snapshot.comments if one.id in links]
    for one in (evidence for step in state.steps for evidence in step.evidence):
        if one.url == comment.url or (
            one.url in recorded and words.recorded(comment.author.login) in one.what
        ):
            yield one


def _verdict(one: Evidence) -> str:
    later = frame.COUNTS_LATER if words.EARLY in one.what else frame.COUNTS_NOT
    return f"**{frame.COUNTS if one.counts else later}**: {text(one.what, most=400)}"


def _help(asked: Asked) -> Iterator[str]:
    """The line to copy, where a commit was not named, or not wholly."""
    head = asked.snapshot.pull_request.head_sha
    said = asked.event.comment.body.split()
    if said and said[0].lower() == "/approve" and f"@{head}" not in said:
        yield f"{frame.COPY}\n\n```\n/approve @{head}\n```"
