"""What is said to us in a comment: every file here is a command, found by its name; nothing here acts.

A command is the first line of a comment that is not blank. There it cannot be inside a quote, a code block or
an HTML comment, for those begin with a line of their own.
"""

from __future__ import annotations

import difflib
import enum
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import click

from convergence import members

if TYPE_CHECKING:
    from release_tools.conversation import Asked, Decided, Reader

LONGEST = 500  # characters of a command
_COMMAND = re.compile(r" {0,3}/([a-z][a-z-]*)(.*)", re.IGNORECASE | re.ASCII)
_KEYED = re.compile(r"([a-z]+)=(.*)", re.IGNORECASE | re.ASCII)
_REF = re.compile(r"(?!.*(\.\.|//|\.lock$|[./]$))[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}")
_SHA = re.compile(r"[0-9a-f]{7,40}", re.IGNORECASE | re.ASCII)


class Slash(Protocol):
    """The contract of a file here.

    `@SHA` in a comment is the option `--sha` of the click command, `tier=full` is `--tier=full`.
    """

    command: click.Command
    """Its words → a frozen dataclass, the request; one with a true `starts` has a workflow work on it."""

    def read(self, request: Any, asked: Asked, reader: Reader) -> Any:
        """The facts that it takes to decide, in as few calls as it can; a UserError is said to who asked."""

    def decide(self, request: Any, asked: Asked, facts: Any) -> Iterator[Decided]:
        """What is to happen, in order: pure, and what comes first is carried out first."""


class Wrong(enum.Enum):
    """What can be wrong with a command."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    VALUE = "value"
    INVISIBLE = "invisible"
    LONG = "long"


@dataclass(frozen=True)
class Command:
    """A command that was understood: its name, without the slash, and what was asked for."""

    name: str
    request: Any


@dataclass(frozen=True)
class Problem:
    """A command that was not understood.

    Attributes:
      word: the part that is wrong, as it was written.
      hint: what would work there; may be empty.
    """

    name: str
    wrong: Wrong
    word: str
    hint: str = ""


class _ProblemError(Exception):
    def __init__(self, wrong: Wrong, word: str, hint: str = "") -> None:
        super().__init__(word)
        self.wrong, self.word, self.hint = wrong, word, hint


def sha(_: click.Context, __: click.Parameter, value: str) -> str:
    """Checks a commit as it is typed; the callback of an option."""
    if value and not _SHA.fullmatch(value):
        raise click.BadParameter("a commit is @ and 7 to 40 hexadecimal digits")
    return value.lower()


def ref(_: click.Context, __: click.Parameter, value: str) -> str:
    """Checks a name that git allows and no shell minds; the callback of an option."""
    if value and not _REF.fullmatch(value):
        raise click.BadParameter("give a branch, a tag, a commit or pull/N/head")
    return value


@functools.cache
def names() -> tuple[str, ...]:
    """Every command there is, as typed after the slash."""
    return tuple(members.typed(__name__))


def find(name: str) -> Slash:
    """The file of a command."""
    return cast(Slash, members.load(__name__, name))


def parse(body: str) -> Command | Problem | None:
    """The command that a comment is; None if it is none of ours; in linear time."""
    found = _COMMAND.match(_first_line(body))
    if found is None or (found[2] and found[2][0].isprintable() and found[2][0] != " "):
        return None  # /converged and /converge. are other words
    name = found[1].lower()
    if name not in names():
        return None
    try:
        return Command(name, _request(find(name).command, name, _words(found[2])))
    except _ProblemError as error:
        return Problem(name, error.wrong, error.word, error.hint)


def starts(heard: Command | Problem | None) -> bool:
    """Whether a workflow goes on to work on a command, once it is accepted; all else is only answered."""
    return isinstance(heard, Command) and bool(getattr(heard.request, "starts", False))


def _first_line(body: str) -> str:
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return next((line for line in lines if line.strip()), "")


def _words(rest: str) -> list[str]:
    if len(rest) > LONGEST:
        raise _ProblemError(Wrong.LONG, f"{rest[:20]}…")
    spaced = "".join(" " if c == "\t" or unicodedata.category(c) == "Zs" else c for c in rest)
    hidden = next((c for c in spaced if not c.isprintable()), None)
    if hidden is not None:
        raise _ProblemError(Wrong.INVISIBLE, hidden)
    return spaced.split()


def _request(command: click.Command, name: str, words: Iterable[str]) -> Any:
    """What the command makes of the words.

    Raises:
      _ProblemError: it makes nothing of them.
    """
    options, arguments = _sorted(command, words)
    typed = [f"--{key}={value}" for key, (value, _) in options.items()]
    try:
        with command.make_context(name, [*typed, "--", *arguments]) as context:
            return command.invoke(context)
    except click.BadParameter as error:
        key = error.param.name if error.param else ""
        word = options[key][1] if key in options else ""
        raise _ProblemError(Wrong.VALUE, word, error.message or error.format_message()) from error
    except click.UsageError as error:
        raise _ProblemError(Wrong.VALUE, "", error.format_message()) from error


def _sorted(
    command: click.Command, words: Iterable[str]
) -> tuple[dict[str | None, tuple[str, str]], list[str]]:
    """Options by their key, each with its value and as it was written; and the other words."""
    known = [str(param.name) for param in command.params if isinstance(param, click.Option)]
    options: dict[str | None, tuple[str, str]] = {}
    arguments: list[str] = []
    for word in words:
        keyed = _KEYED.fullmatch(word)
        key, value = (keyed[1].lower(), keyed[2]) if keyed else ("sha" if word[0] == "@" else "", word[1:])
        if not key or not known:
            arguments.append(word)
        elif key not in known:
            raise _ProblemError(Wrong.UNKNOWN, word, _near(key, known))
        elif key in options:
            raise _ProblemError(Wrong.TWICE, word)
        elif not value:
            raise _ProblemError(Wrong.VALUE, word, "it needs a value")
        else:
            options[key] = value, word
    return options, arguments


def _near(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    words = ["@SHA" if name == "sha" else f"{name}=" for name in near or known]
    return f"did you mean {words[0]}?" if near else f"known: {', '.join(words)}"
