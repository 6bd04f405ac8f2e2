"""Somebody commits the files of a folder here to a branch of their own, edited where they are to be wrong."""

from __future__ import annotations

from dataclasses import dataclass

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.edits import Edit, edited
from release_tools.rehearsal.stage import FILES, Stage
from release_tools.sandbox import pushes


@dataclass(frozen=True)
class Push(values.Table):
    """What is pushed.

    Attributes:
      files: the folder that they are in.
    """

    files: str
    branch: str
    message: str
    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        if not (FILES / self.files).is_dir():
            raise ValueError(f"there is no folder {self.files!r}")
        for one in self.edits:
            if not (FILES / self.files / one.path).is_file():
                raise ValueError(f"{self.files} has no file {one.path!r}")


def read(value: object) -> Push:
    """A table."""
    return values.read(Push, value)


def do(stage: Stage, who: str, value: Push) -> Done:
    """Push them."""
    root = FILES / value.files
    paths = (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    files = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    for one in value.edits:
        files[one.path] = edited(files[one.path], one)
    own = stage.repository_of(who)
    start = "" if own.git.ref(f"refs/heads/{value.branch}") else own.default_branch
    stage.world.commit(own, value.branch, files, stage.people[who], value.message, start=start)
    pushes.look(stage.world)
    return Done(does=f"git push {own.full_name} {value.branch}   # {value.message}")
