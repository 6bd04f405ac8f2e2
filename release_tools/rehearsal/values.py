"""What lines of a play state: checked against types, and with facts in place of what texts name in braces."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from convergence import records
from convergence.errors import UserError

T = TypeVar("T")
NAMED = re.compile(r"\{(\w+)\}")


class Table:
    """A frozen dataclass that is stated as a table: keys that it does not know are refused."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}


def read(kind: type[T], value: object, *, short: str = "") -> T:
    """A value of that kind.

    Args:
      short: the key of what may be stated alone, as a text.

    Raises:
      ValueError: says in one line what is wrong, and where.
    """
    from pydantic import ValidationError

    whole = {short: value} if short and isinstance(value, str) else value
    try:
        return records.adapter(kind).validate_json(json.dumps(whole), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(": ".join(filter(None, (where, first["msg"])))) from error


def text(value: object) -> str:
    """A text that says something: each text has the empty one in it.

    Raises:
      ValueError: as `read`.
    """
    found = read(str, value)
    if not found:
        raise ValueError("an empty text holds everywhere")
    return found


def filled(value: Any, facts: Mapping[str, str]) -> Any:
    """What a play states, with facts in place of what its texts name in braces.

    Raises:
      UserError: play, for what no fact is called.
    """
    if isinstance(value, str):
        return NAMED.sub(lambda found: _fact(found[1], facts), value)
    if isinstance(value, Mapping):
        return {name: filled(one, facts) for name, one in value.items()}
    return [filled(one, facts) for one in value] if isinstance(value, list) else value


def _fact(name: str, facts: Mapping[str, str]) -> str:
    if name not in facts:
        raise UserError("play", f"nothing is called {{{name}}}", hint=f"known: {', '.join(sorted(facts))}")
    return facts[name]
