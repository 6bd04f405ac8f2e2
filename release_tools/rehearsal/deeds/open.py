"""Somebody opens a pull request to Official Models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import FILES, Stage
from release_tools.sandbox import pulls


def do(stage: Stage, who: str, value: Mapping[str, Any]) -> Done:
    """`title`, `branch`, and as its text a file `body`."""
    body = (FILES / value["body"]).read_text(encoding="utf-8").format(**stage.facts)
    own = stage.branch(who)
    head = f"{own.owner.login}:{value['branch']}"
    stage.pull = pulls.open_pull(
        stage.world, stage.models, stage.people[who], value["title"], head, stage.models.default_branch, body
    )
    return Done(says=body, does=f"opens “{value['title']}” as #{stage.pull.number}")
