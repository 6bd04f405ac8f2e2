"""Somebody comments on the pull request."""

from __future__ import annotations

from dataclasses import dataclass

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import ROLES, Stage
from release_tools.sandbox import comments


@dataclass(frozen=True)
class Saying(values.Table):
    """What is said.

    Attributes:
      consents: who consents where it starts what waits for a reviewer.
    """

    text: str
    consents: str = ""

    def __post_init__(self) -> None:
        if self.consents and self.consents not in ROLES:
            raise ValueError(f"nobody is called {self.consents!r}")


def read(value: object) -> Saying:
    """A table, or the text alone."""
    return values.read(Saying, value, short="text")


def do(stage: Stage, who: str, value: Saying) -> Done:
    """Comment."""
    stage.consents = bool(value.consents)
    comments.write(stage.world, stage.models, stage.issue, stage.people[who], value.text)
    return Done(says=value.text, does=f"{value.consents} consents to it" if value.consents else "")
