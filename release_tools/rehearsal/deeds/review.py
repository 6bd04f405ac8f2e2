"""Somebody reviews the pull request."""

from __future__ import annotations

from collections.abc import Mapping

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import reviews

WORDS = {"APPROVE": "approves", "REQUEST_CHANGES": "requests changes", "COMMENT": "comments"}


def do(stage: Stage, who: str, value: Mapping[str, str]) -> Done:
    """`event`, and a `body`."""
    body = value.get("body", "")
    reviews.give(stage.world, stage.models, stage.issue, stage.people[who], value["event"], body)
    return Done(says=body, does=f"{WORDS[value['event']]} #{stage.issue.number} at {stage.head[:12]}")
