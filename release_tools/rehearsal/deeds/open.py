"""Somebody opens a pull request to Official Models."""

from __future__ import annotations

from dataclasses import dataclass

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import FILES, Stage
from release_tools.sandbox import pulls


@dataclass(frozen=True)
class Opening(values.Table):
    """What is opened.

    Attributes:
      body: the file that has its text.
    """

    title: str
    branch: str
    body: str

    def __post_init__(self) -> None:
        if not (FILES / self.body).is_file():
            raise ValueError(f"there is no file {self.body!r}")


def read(value: object) -> Opening:
    """A table."""
    return values.read(Opening, value)


def do(stage: Stage, who: str, value: Opening) -> Done:
    """Open it, from a branch that is pushed."""
    body = values.filled((FILES / value.body).read_text(encoding="utf-8"), stage.facts)
    own = stage.repository_of(who)
    head = f"{own.owner.login}:{value.branch}"
    stage.pull = pulls.open_pull(
        stage.world, stage.models, stage.people[who], value.title, head, stage.models.default_branch, body
    )
    return Done(says=body, does=f"opens “{value.title}” as #{stage.pull.number}")
