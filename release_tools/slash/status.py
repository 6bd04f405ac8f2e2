"""`/status`: where the techniques of this pull request stand, and whose turn it is."""

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
    """Nothing more is said."""


@click.command("status", add_help_option=False)
def command() -> Request:
    """Say where the techniques of this pull request stand, and whose turn it is."""
    return Request()


def read(_: Request, asked: Asked, reader: Reader) -> Known:
    """All that deciding takes."""
    return answers.read(asked, reader)


def decide(_: Request, asked: Asked, known: Known) -> Iterator[Decided]:
    """The state, as the comment that is kept up to date says it."""
    yield from answers.tell(asked, known)
