"""Somebody merges the pull request."""

from __future__ import annotations

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import merging


def do(stage: Stage, who: str, value: str) -> Done:
    """By which method: `merge`, `squash` or `rebase`."""
    merging.merge(stage.world, stage.models, stage.issue, stage.people[who], value)
    stage.world.events.deliver()
    return Done(does=f"merges #{stage.issue.number} ({value})")
