"""Somebody comments on the pull request."""

from __future__ import annotations

from collections.abc import Mapping

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import comments


def do(stage: Stage, who: str, value: str | Mapping[str, str]) -> Done:
    """The comment's text; or as `text` with who `consents` where it starts what waits for a reviewer."""
    told = {"text": value} if isinstance(value, str) else value
    stage.consents = "consents" in told
    comments.write(stage.world, stage.models, stage.issue, stage.people[who], told["text"])
    return Done(says=told["text"], does=f"{told['consents']} consents to it" if stage.consents else "")
