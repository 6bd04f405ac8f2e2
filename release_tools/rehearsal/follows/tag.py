"""TFMOT has this tag, on the tip of its default branch."""

from __future__ import annotations

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed


def read(value: object) -> str:
    """A text."""
    return values.text(value)


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """The tag's name."""
    git = stage.tfmot.git
    at, tip = git.resolve(f"refs/tags/{wanted}"), git.ref(f"refs/heads/{stage.tfmot.default_branch}")
    seen = f"{wanted} is at {at[:12]}" if at else "no such tag"
    return Followed(f"{wanted} is the tag of {tip[:12]}", seen, at == tip)
