"""Somebody who may changes files on a repository's default branch."""

from __future__ import annotations

from dataclasses import dataclass

from convergence.errors import UserError
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.edits import Edit, edited
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox.git import Git


@dataclass(frozen=True)
class Change(values.Table):
    """What changes in TFMOT.

    Attributes:
      restores: files that are again as in the commit before.
      regresses: that trained models are to show it.
    """

    message: str
    edits: tuple[Edit, ...] = ()
    restores: tuple[str, ...] = ()
    regresses: bool | None = None


def read(value: object) -> Change:
    """A table."""
    return values.read(Change, value)


def do(stage: Stage, who: str, value: Change) -> Done:
    """Commit it to TFMOT's default branch."""
    branch = stage.tfmot.default_branch
    tip = stage.tfmot.git.ref(f"refs/heads/{branch}")
    files = {path: _text(stage.tfmot.git, f"{tip}^", path) for path in value.restores}
    for one in value.edits:
        if one.path not in files:
            files[one.path] = _text(stage.tfmot.git, tip, one.path)
        files[one.path] = edited(files[one.path], one)
    stage.world.commit(stage.tfmot, branch, files, stage.people[who], value.message)
    if value.regresses is not None:
        stage.regressed = value.regresses
    return Done(does=f"git push {stage.tfmot.full_name} {branch}   # {value.message}")


def _text(git: Git, commit: str, path: str) -> str:
    found = git.tree(commit, path)
    if len(found) != 1:
        raise UserError("play", "TFMOT has no such file", where=path)
    return git.blob(found[0].sha).decode()
