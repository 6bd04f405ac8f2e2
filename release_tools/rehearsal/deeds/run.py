"""Somebody runs `release-tools` where they work; it may be killed on the way."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage

KILLED = "   # killed as soon as its audit says {until!r}"


@dataclass(frozen=True)
class Command(values.Table):
    """What is run.

    Attributes:
      keeps: facts that are taken from what it says, of lines `name value`.
      until: it is killed once the file `audit` holds this text.
    """

    words: str
    keeps: str = ""
    until: str = ""
    audit: str = ""

    def __post_init__(self) -> None:
        shlex.split(self.words)
        if bool(self.until) != bool(self.audit):
            raise ValueError("until and audit go together")


def read(value: object) -> Command:
    """A table, or the words alone."""
    return values.read(Command, value, short="words")


def do(stage: Stage, who: str, value: Command) -> Done:
    """Run it to its end, or until it is killed."""
    words = shlex.split(value.words)
    if value.until:
        path = stage.at(who) / value.audit
        ran = stage.run(
            who, *words, until=lambda: path.exists() and value.until in path.read_text(encoding="utf-8")
        )
        return Done(does=ran.line + KILLED.format(until=value.until), ran=ran)
    ran = stage.run(who, *words)
    for line in ran.said.splitlines():
        name, _, rest = line.strip().partition(" ")
        if name in value.keeps.split():
            stage.facts[name] = rest.strip()
    return Done(does=ran.line, ran=ran)
