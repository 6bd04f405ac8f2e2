"""Performs a play: line by line, each with what follows, until one is not followed by what it should."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from convergence.model import UserError
from release_tools.rehearsal import deeds, follows, script, workflows
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.process import Ran
from release_tools.rehearsal.script import Play
from release_tools.rehearsal.show import Act, Command, Followed, Line
from release_tools.rehearsal.stage import ROLES, Stage
from release_tools.sandbox.errors import Refusal

NAMED = re.compile(r"\{(\w+)\}")


class Audience(Protocol):
    """Who looks on; a line that begins may be held up until they are ready."""

    def act(self, title: str) -> None:
        """An act begins."""

    def begins(self, line: script.Line) -> None:
        """A line begins."""

    def ended(self, line: Line) -> None:
        """A line has ended."""


@dataclass
class Performance:
    """A play on a stage, and what came of it so far."""

    stage: Stage
    play: Play
    audience: Audience
    acts: list[Act] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether all followed that had to."""
        return all(act.held for act in self.acts)

    def perform(self) -> bool:
        """Play it; whether all followed that had to. The first line that failed is the last."""
        for act in self.play.acts:
            self.audience.act(act.title)
            self.acts.append(Act(act.title))
            for line in act.lines:
                made = self._line(line)
                self.acts[-1] = replace(self.acts[-1], lines=(*self.acts[-1].lines, made))
                self.audience.ended(made)
                if not made.held:
                    return False
        return True

    def _line(self, line: script.Line) -> Line:
        self.audience.begins(line)
        began, before = time.monotonic(), len(self.stage.ran)
        self.stage.consents = False
        done = Done()
        followed: list[Followed] = []
        try:
            done = script.unit(deeds, line.deed).do(self.stage, line.who, self._filled(line.value))
            self.stage.world.events.deliver()
            workflows.attend(self.stage)
            for name, wanted in line.then.items():
                followed.append(script.unit(follows, name).look(self.stage, done, self._filled(wanted)))
        except (workflows.JobFailedError, UserError, Refusal) as error:
            followed.append(Followed("everything ends as it should", str(error), held=False))
        return Line(
            actor=line.who,
            role=ROLES[line.who],
            says=done.says,
            does=done.does,
            follows=tuple(followed),
            seconds=time.monotonic() - began,
            tells=line.tells,
            ran=tuple(map(_command, self.stage.ran[before:])),
        )

    def _filled(self, value: Any) -> Any:
        """What the script has, with facts in place of what it names in braces."""
        if isinstance(value, str):
            known = self._facts()
            return NAMED.sub(lambda found: known.get(found[1], found[0]), value)
        if isinstance(value, Mapping):
            return {name: self._filled(one) for name, one in value.items()}
        return [self._filled(one) for one in value] if isinstance(value, list) else value

    def _facts(self) -> Mapping[str, str]:
        pull = self.stage.pull
        return self.stage.facts | ({"head": self.stage.head, "number": str(pull.number)} if pull else {})


def _command(ran: Ran) -> Command:
    return Command(ran.by, ran.line, ran.said, ran.status)
