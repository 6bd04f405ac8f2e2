"""Somebody who may changes files on a repository's default branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.edits import Edit, edited
from release_tools.rehearsal.stage import Stage


def do(stage: Stage, who: str, value: Mapping[str, Any]) -> Done:
    """`edits` of TFMOT's files, a `message`, and `regresses` where trained models are to show it."""
    git = stage.tfmot.git
    tip = git.ref(f"refs/heads/{stage.tfmot.default_branch}")
    files: dict[str, str] = {}
    for one in value["edits"]:
        (entry,) = git.tree(tip, one["path"])
        files[one["path"]] = edited(files.get(one["path"], git.blob(entry.sha).decode()), Edit.read(one))
    stage.world.commit(stage.tfmot, stage.tfmot.default_branch, files, stage.people[who], value["message"])
    stage.regressed = bool(value.get("regresses", stage.regressed))
    return Done(does=f"git push {stage.tfmot.full_name} {stage.tfmot.default_branch}   # {value['message']}")
