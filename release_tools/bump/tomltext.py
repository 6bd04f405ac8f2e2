"""Where the strings of a TOML document are in its text, found through tomlkit, which keeps every byte."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, MutableSequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import String

MARK = '"\ue000"'  # stands for a string while its place is looked up; private use, so in no real file


@dataclass(frozen=True)
class Value:
    """A string or table in a document, and the keys and indexes that lead to it."""

    path: tuple[str | int, ...]
    value: Any
    container: Any

    @property
    def keys(self) -> tuple[str, ...]:
        """The path, each index as `*`."""
        return tuple(key if isinstance(key, str) else "*" for key in self.path)


class Document:
    """A TOML document that is only read.

    Raises:
      ValueError: it is no TOML, or cannot be written back byte for byte.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._root = tomlkit.parse(text)
            same = tomlkit.dumps(self._root) == text
        except (TOMLKitError, RecursionError, IndexError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(str(error).partition("\n")[0] or type(error).__name__) from error
        if not same:
            raise ValueError("it cannot be written back as it is")

    def values(self) -> Iterator[Value]:
        """Every string and table, in the order of the document's keys."""
        yield from _values((), self._root)

    def start(self, value: Value) -> int | None:
        """Where the characters of a plain string begin in the text; None if it is written with escapes."""
        item = value.value
        plain = isinstance(item, String) and item.as_string()[1:-1] == str(item)
        return self.place(value) if plain else None

    def place(self, value: Value) -> int | None:
        """Where a string is, past its opening quote; None if that cannot be told."""
        if not isinstance(value.value, String):
            return None
        key = value.path[-1]
        value.container[key] = MARK[1:-1]
        try:
            place = tomlkit.dumps(self._root).find(MARK)
        finally:
            value.container[key] = value.value
        return place + 1 if self.text.startswith(value.value.as_string(), place) else None


def _values(path: tuple[str | int, ...], found: Any) -> Iterator[Value]:
    pairs: Iterator[tuple[str | int, Any]]
    if isinstance(found, MutableMapping):
        pairs = iter([(str(key), value) for key, value in found.items()])
    elif isinstance(found, MutableSequence):
        pairs = enumerate(found)
    else:
        return
    for key, value in pairs:
        inner = (*path, key)
        if isinstance(value, str | MutableMapping):
            yield Value(inner, value, found)
        yield from _values(inner, value)
