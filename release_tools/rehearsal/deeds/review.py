"""Somebody reviews the pull request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import reviews

WORDS = {"APPROVE": "approves", "REQUEST_CHANGES": "requests changes", "COMMENT": "comments"}


@dataclass(frozen=True)
class Review(values.Table):
    """What is said, in GitHub's words."""

    event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"]
    body: str = ""


def read(value: object) -> Review:
    """A table."""
    return values.read(Review, value)


def do(stage: Stage, who: str, value: Review) -> Done:
    """Review its head."""
    reviews.give(stage.world, stage.models, stage.issue, stage.people[who], value.event, value.body)
    return Done(says=value.body, does=f"{WORDS[value.event]} #{stage.issue.number} at {stage.head[:12]}")
