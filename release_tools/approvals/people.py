"""Who speaks for whom about a technique: by id in teams, by login in the policy; or that it is not known."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from convergence.model import Recipe
from release_tools.approvals import said, words
from release_tools.approvals.facts import Facts
from release_tools.model import GHOST, Person, Role
from release_tools.policy import Policy


@dataclass(frozen=True)
class Voice:
    """Whether somebody speaks for a role; None where a team cannot be read.

    Attributes:
      why: if not, or not known.
      other: whether it is another role that they speak for, where they are heard.
    """

    speaks: bool | None
    why: str = ""
    other: bool = False


@dataclass(frozen=True)
class Case:
    """A technique's facts with the rules that hold for it.

    Attributes:
      recipes: the accepted ones.
    """

    policy: Policy
    recipes: Mapping[str, Recipe]
    facts: Facts
    _voices: dict[tuple[Person, Role], Voice] = field(default_factory=dict, compare=False, repr=False)

    @functools.cached_property
    def _said(self) -> dict[str, list[said.Said]]:
        return said.by_name(self.facts.snapshot)

    def commands(self, name: str) -> list[said.Said]:
        """The comments that are this command, with its request, oldest first; counting or not."""
        return self._said.get(name, [])

    def voice(self, person: Person, role: Role) -> Voice:
        """Whether the person speaks for that role in this pull request; roles are as they are now."""
        if (person, role) not in self._voices:
            self._voices[person, role] = self._voice(person, role)
        return self._voices[person, role]

    def _voice(self, person: Person, role: Role) -> Voice:
        if person.id == GHOST.id or person.login.lower() == GHOST.login:
            return Voice(False, words.GONE)
        if person.bot or self.policy.is_bot(person.login):
            return Voice(False, words.BOT)
        if person.id == self.facts.pull_request.author.id:
            return Voice(False, words.AUTHOR)
        held = {one: self._holds(person, one) for one in Role}
        sure = [one for one, holds in held.items() if holds]
        if role in sure:
            return Voice(True) if sure == [role] else Voice(False, words.two_roles(sure))
        if held[role] is None:
            return Voice(None, words.hidden(self.hidden(role)))
        return Voice(False, words.other_role(sure, role), other=bool(sure))

    def hidden(self, role: Role) -> list[str]:
        """Teams with that role that cannot be read."""
        return [name for name in self._teams(role) if self.facts.teams.get(name) is None]

    def _teams(self, role: Role) -> Iterator[str]:
        return (name for name in self.policy.holders(role, self.facts.technique) if "/" in name)

    def _holds(self, person: Person, role: Role) -> bool | None:
        holders = self.policy.holders(role, self.facts.technique)
        if any("/" not in name and name.lower() == person.login.lower() for name in holders):
            return True
        teams = [self.facts.teams.get(name) for name in self._teams(role)]
        if any(members is not None and person.id in members for members in teams):
            return True
        return None if None in teams else False
