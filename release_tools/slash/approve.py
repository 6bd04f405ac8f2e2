"""`/approve @SHA`: Official Models may depend on a release with what this commit has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from release_tools.approvals import answers
from release_tools.slash import sha

if TYPE_CHECKING:
    from release_tools.approvals.answers import Known
    from release_tools.conversation import Asked, Decided, Reader


@dataclass(frozen=True)
class Request:
    """Of which commit; empty where none is named."""

    sha: str = ""


@click.command("approve", add_help_option=False)
@click.option("--sha", callback=sha, default="", help="The commit you have looked at, with all 40 digits.")
def command(*, sha: str) -> Request:
    """Say that Official Models may depend on a release with this technique (step 4)."""
    return Request(sha)


def read(_: Request, asked: Asked, reader: Reader) -> Known:
    """Who speaks for whom, and how commits compare."""
    return answers.read(asked, reader)


def decide(_: Request, asked: Asked, known: Known) -> Iterator[Decided]:
    """The comment itself is the approval: the reply says whether it counts, or gives the line to copy."""
    yield from answers.confirm(asked, known)
