"""`/record-approval LINK`: MOT records what a member of Official Models said in a comment of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from release_tools.approvals import answers

if TYPE_CHECKING:
    from release_tools.approvals.answers import Known
    from release_tools.conversation import Asked, Decided, Reader


@dataclass(frozen=True)
class Request:
    """Address of the comment, as GitHub's “Copy link” gives it."""

    link: str


@click.command("record-approval", add_help_option=False)
@click.argument("link", metavar="LINK")
def command(link: str) -> Request:
    """Record that the comment behind LINK is Official Models' word (step 4)."""
    return Request(link)


def read(_: Request, asked: Asked, reader: Reader) -> Known:
    """Who speaks for whom, and which commit was the head when."""
    return answers.read(asked, reader)


def decide(_: Request, asked: Asked, known: Known) -> Iterator[Decided]:
    """The two comments themselves are the approval; the reply says whether it counts."""
    yield from answers.confirm(asked, known)
