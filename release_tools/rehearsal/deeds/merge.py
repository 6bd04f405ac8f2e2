"""Somebody merges a pull request of Official Models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convergence.errors import UserError
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import merging
from release_tools.sandbox.nouns import Issue


@dataclass(frozen=True)
class Merge(values.Table):
    """How it is merged.

    Attributes:
      title: part of that of an open pull request; without it, it is the play's.
    """

    method: Literal["merge", "squash", "rebase"]
    title: str = ""


def read(value: object) -> Merge:
    """A table."""
    return values.read(Merge, value)


def do(stage: Stage, who: str, value: Merge) -> Done:
    """Merge it."""
    issue = _titled(stage, value.title) if value.title else stage.issue
    merging.merge(stage.world, stage.models, issue, stage.people[who], value.method)
    return Done(does=f"merges #{issue.number}, “{issue.title}” ({value.method})")


def _titled(stage: Stage, title: str) -> Issue:
    found = [
        one for one in stage.models.issues.values() if one.pull and one.state == "open" and title in one.title
    ]
    if len(found) != 1:
        raise UserError("play", f"{len(found)} open pull requests are called {title!r}")
    return found[0]
