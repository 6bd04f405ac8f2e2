"""Performs a play: line by line, each with what follows, until one is not followed by what it should."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from convergence.errors import UserError
from release_tools.rehearsal import script, values, workflows
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.process import Ran
from release_tools.rehearsal.script import Play
from release_tools.rehearsal.stage import ROLES, Stage
from release_tools.rehearsal.summary import Act, Command, Followed, Line
from release_tools.sandbox.errors import Refusal


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
    def passed(self) -> bool:
        """Whether all followed that had to."""
        return all(act.passed for act in self.acts)

    @property
    def ending(self) -> str:
        """How it ended, in a few words."""
        if self.passed:
            return self.play.ending
        return f"Failed: act {len(self.acts)}, line {len(self.acts[-1].lines)} did not do what it should"

    def perform(self) -> bool:
        """Play it; whether all followed that had to. The first line that failed is the last."""
        for act in self.play.acts:
            self.audience.act(act.title)
            self.acts.append(Act(act.title))
            for line in act.lines:
                made = self._line(line)
                self.acts[-1] = replace(self.acts[-1], lines=(*self.acts[-1].lines, made))
                self.audience.ended(made)
                if not made.passed:
                    return False
        return True

    def _line(self, line: script.Line) -> Line:
        self.audience.begins(line)
        began, before = time.monotonic(), len(self.stage.ran)
        self.stage.consents = False
        done = Done()
        followed: list[Followed] = []
        try:
            done = self._did(line)
            self.stage.world.events.deliver()
            workflows.attend(self.stage)
            followed.extend(self._followed(line, name, done) for name in line.then)
        except (workflows.JobFailedError, UserError, Refusal) as error:
            followed.append(Followed("everything ends as it should", str(error), passed=False))
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

    def _did(self, line: script.Line) -> Done:
        deed, value = script.deed(line.deed), values.filled(line.value, self._facts())
        return deed.do(self.stage, line.who, script.stated(deed, line.deed, value, line.tells))

    def _followed(self, line: script.Line, name: str, done: Done) -> Followed:
        one, value = script.expectation(name), values.filled(line.then[name], self._facts())
        return one.look(self.stage, done, script.stated(one, name, value, line.tells))

    def _facts(self) -> Mapping[str, str]:
        pull = self.stage.pull
        return self.stage.facts | ({"head": self.stage.head, "number": str(pull.number)} if pull else {})


def _command(ran: Ran) -> Command:
    return Command(ran.by, ran.line, ran.said, ran.status, ran.seconds)
