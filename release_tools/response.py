"""Answers a comment: what it takes is read, each thing that is decided is shown, or carried out and kept."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from convergence import claims, records
from convergence.errors import UserError
from convergence.model import Recipe
from release_tools import actions, config, conversation, effects, slash
from release_tools.conversation import Decided, Reader
from release_tools.event import Event
from release_tools.model import Effect
from release_tools.plan import Plan
from release_tools.policy import Policy


class Part(enum.Enum):
    """Which commands are answered; the others are another workflow's."""

    REQUESTS = "requests"  # those that start something
    ANSWERS = "answers"  # all others, also what is not understood


def respond(
    event: Event,
    reader: Reader,
    policy: Path | None,
    part: Part | None = None,
    recipes: Mapping[str, Recipe] | None = None,
) -> Iterator[Decided]:
    """All that is to be done about a comment, one after the other; for most, nothing, and nothing is read.

    Args:
      part: None for all commands.
      policy: its file; None for that of the repository's default branch, and of no other.
      recipes: those of the claim files; None for our own.

    Raises:
      UserError: policy, once it was said that it cannot be read.
    """
    if not conversation.addressed(event) or part not in {None, _part(event)}:
        return
    recipes = claims.load() if recipes is None else recipes
    try:
        decided = _policy(event, reader, policy, recipes)
    except UserError as error:
        if not error.passes:
            yield from conversation.answer_without_policy(event, error)
        raise
    yield from conversation.answer(event, decided, recipes, reader)


def carry_out(
    decided: Decided, perform: Callable[[Effect], None], plan_out: Path | None, output: Path | None
) -> None:
    """Has an effect; keeps a plan, with what later jobs need of it."""
    if not isinstance(decided, Plan):
        perform(decided)
        return
    if plan_out is not None:
        records.write(plan_out, decided)
    if output is not None:
        actions.write(output, actions.outputs(decided))


def line(decided: Decided) -> str:
    """What would be done, for people."""
    if not isinstance(decided, Plan):
        return effects.describe(decided)
    held = " after a reviewer's consent" if decided.hold else ""
    return f"test {', '.join(decided.techniques)} at tier {decided.tier} on {decided.head_sha[:12]}{held}"


def as_json(decided: Decided) -> str:
    """What would be done, for machines, on one line."""
    plain = {"does": type(decided).__name__} | dataclasses.asdict(decided)
    return json.dumps(plain, ensure_ascii=False, default=_value)


def policy(event: Event, reader: Reader, path: Path | None) -> Policy:
    """The policy that counts for an event.

    Raises:
      UserError: policy.
    """
    return _policy(event, reader, path, claims.load())


def _part(event: Event) -> Part:
    return Part.REQUESTS if slash.starts(slash.parse(event.comment.body)) else Part.ANSWERS


def _policy(event: Event, reader: Reader, path: Path | None, recipes: Mapping[str, Recipe]) -> Policy:
    where = config.PATH if path is None else path.name
    content = path.read_bytes() if path else _content(event, reader)
    try:
        return config.read(content.decode("utf-8"), where, recipes)
    except UnicodeDecodeError as error:
        raise UserError("policy", "is not UTF-8", where=where) from error


def _content(event: Event, reader: Reader) -> bytes:
    found = reader.read_file(event.repository, config.PATH, f"refs/heads/{event.default_branch}")
    if found is None:
        hint = "an empty file is the defaults"
        raise UserError("policy", "there is no policy", where=event.repository, hint=hint)
    return found


def _value(one: Any) -> Any:
    if isinstance(one, enum.Enum):
        return one.value
    raise TypeError(f"not for JSON: {one!r}")
