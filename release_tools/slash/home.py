"""`/home`: Official Models decides where a technique's example lives, there or in the fork, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from release_tools.approvals import answers
from release_tools.config import HOMES

if TYPE_CHECKING:
    from release_tools.approvals.answers import Known
    from release_tools.conversation import Asked, Decided, Reader


SAID = re.compile(r"[^\W_\u3164\u115f\u1160\uffa0]")  # a letter or digit; Hangul's fillers look like nothing


@dataclass(frozen=True)
class Request:
    """Where, `official` or `fork`, and why."""

    where: str
    reason: str


@click.command(add_help_option=False)
@click.argument("where", type=click.Choice(HOMES, case_sensitive=False), metavar="official|fork")
@click.argument("reason", nargs=-1, metavar="REASON…")
def command(where: str, reason: tuple[str, ...]) -> Request:
    """Decide where the example lives (step 1); a member of Official Models does, and says why."""
    words = " ".join(reason)
    if words and not SAID.search(words):
        raise click.UsageError("a reason says something: letters or digits")
    return Request(where.lower(), words)


def read(_: Request, asked: Asked, reader: Reader) -> Known:
    """Who speaks for whom."""
    return answers.read(asked, reader)


def decide(_: Request, asked: Asked, known: Known) -> Iterator[Decided]:
    """The comment itself is the decision: nothing is kept, and the reply says whether it counts."""
    yield from answers.confirm(asked, known)
