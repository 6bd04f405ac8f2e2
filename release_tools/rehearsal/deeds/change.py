"""Somebody who may changes files on a repository's default branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.edits import Edit, edited
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox.git import Git


def do(stage: Stage, who: str, value: Mapping[str, Any]) -> Done:
    """`edits` of TFMOT's files, or `restores` those of the commit before; a `message`.

    `regresses` says that trained models are to show it.
    """
    branch = stage.tfmot.default_branch
    tip = stage.tfmot.git.ref(f"refs/heads/{branch}")
    (before, *_) = stage.tfmot.git.commit(tip).parents
    files = {path: _text(stage.tfmot.git, before, path) for path in value.get("restores", ())}
    for one in value.get("edits", ()):
        text = files.get(one["path"]) or _text(stage.tfmot.git, tip, one["path"])
        files[one["path"]] = edited(text, Edit.read(one))
    stage.world.commit(stage.tfmot, branch, files, stage.people[who], value["message"])
    stage.regressed = bool(value.get("regresses", stage.regressed))
    return Done(does=f"git push {stage.tfmot.full_name} {branch}   # {value['message']}")


def _text(git: Git, commit: str, path: str) -> str:
    (entry,) = git.tree(commit, path)
    return git.blob(entry.sha).decode()
