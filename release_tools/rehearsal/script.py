"""The script of a play: who does what, and what must follow, as data that is checked when it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from convergence import members
from convergence.errors import UserError
from release_tools.rehearsal import deeds, follows
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import ROLES, Stage
from release_tools.rehearsal.summary import Followed

FOLDER = Path(__file__).with_name("plays")
PLAIN = {"who", "tells", "then"}


class Deed(Protocol):
    """A file of `deeds`."""

    def read(self, value: object) -> Any:
        """What the script states, checked."""

    def do(self, stage: Stage, who: str, value: Any) -> Done:
        """Do it."""


class Expectation(Protocol):
    """A file of `follows`."""

    def read(self, value: object) -> Any:
        """What the script wants, checked."""

    def look(self, stage: Stage, done: Done, wanted: Any) -> Followed:
        """Whether it is so."""


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
      who: a person of the stage.
      tells: what happens, in a sentence for the reader.
      deed: the file of `deeds` that does it, and `value` what it does it with, as the script states it.
      then: what must follow: files of `follows`, with what each wants, as the script states it.
    """

    who: str
    tells: str
    deed: str
    value: Any
    then: Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """Some lines that belong together."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Play:
    """A whole play.

    Attributes:
      ending: how it ends, in a few words.
    """

    name: str
    title: str
    ending: str
    acts: tuple[Act, ...]


def names() -> list[str]:
    """The plays that there are."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Play:
    """A play by its name.

    Raises:
      UserError: unknown-play; play, for a line that nobody could play.
    """
    path = FOLDER / f"{name}.toml"
    if name not in names():
        raise UserError("unknown-play", f"no play {name!r}", hint=f"known: {', '.join(names())}")
    return parse(name, path.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Play:
    """A play from its text.

    Raises:
      UserError: play.
    """
    try:
        told = tomllib.loads(text)
        acts = tuple(
            Act(act["title"], tuple(_line(act["title"], one) for one in act["lines"])) for act in told["acts"]
        )
        return Play(name, told["title"], told["ending"], acts)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError("play", f"is no play: {error}", where=name) from error


def _line(act: str, told: Mapping[str, Any]) -> Line:
    where = f"{act}: {told.get('tells', '')}"
    named = sorted(set(told) - PLAIN)
    if len(named) != 1:
        raise UserError(
            "play",
            "a line does one thing",
            where=where,
            hint=f"one of {', '.join(members.typed(deeds.__name__))}",
        )
    then = told.get("then", {})
    for package, name in ((deeds, named[0]), *((follows, one) for one in then)):
        if name not in members.typed(package.__name__):
            raise UserError(
                "play",
                f"nothing is called {name!r}",
                where=where,
                hint=", ".join(members.typed(package.__name__)),
            )
    stated(deed(named[0]), named[0], told[named[0]], where)
    for name, wanted in then.items():
        stated(expectation(name), name, wanted, where)
    if told["who"] not in ROLES:
        raise UserError("play", f"nobody is called {told['who']!r}", where=where, hint=", ".join(ROLES))
    return Line(told["who"], told["tells"], named[0], told[named[0]], then)


def deed(name: str) -> Deed:
    """The file of `deeds` of that name."""
    return cast(Deed, members.load(deeds.__name__, name))


def expectation(name: str) -> Expectation:
    """The file of `follows` of that name."""
    return cast(Expectation, members.load(follows.__name__, name))


def stated(unit: Deed | Expectation, name: str, value: object, where: str) -> Any:
    """What a line states for a deed or an expectation, as that takes it.

    Raises:
      UserError: play.
    """
    try:
        return unit.read(value)
    except ValueError as error:
        raise UserError("play", f"{name}: {error}", where=where) from error
