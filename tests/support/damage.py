# ruff: noqa: E501 - what has broken readers before is listed densely
"""Valid input that somebody broke, or made to break us: texts cut and pasted, JSON that no schema has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

TOKENS = re.compile(r"\w+|[ \t]+|\r?\n|.", re.DOTALL)
DEPTHS = (3, 60, 500, 5000, 100_000)
WORDS = (  # what has broken readers of text before
    "", " ", "\t", "\n", "\r", "\r\n", "\0", "\x1b[2J", "\x7f", "\u0085", "\u2028", "\u202eexe", "\u200b", "\ufeff",
    "\ud800", "\udfff", "\U0010ffff", "e\u0301" * 9, "ﬀ", "İ", "ſ", "Ⅷ", "١٢", "²", "𝟙",
    "NaN", "nan", "inf", "-Infinity", "1e999", "-1", "-0.0", "0x10", "1_0", "9" * 30, "9" * 5000, "1e-400", "true", "null",
    "@everybody", "<script>", "<!--", "-->", "```", "~~~", "](", "|", "\\", "'", '"', '"""', "'''", "#", "%s", "{0}", "${x}",
    "$(x)", "`x`", ";", "&", "..", "../../x", "/etc/passwd", "C:\\", "~", "-", "--x", "=", ":", ",", "[", "]", "[[", "{", "}",
    "(", ")", "<", ">=", "==", "@", "/converge", "claims", "__class__", "constructor", "x" * 300, "x" * 70_000,
    "1979-05-27T07:32:00Z", "1979-05-27", "07:32:00",
)  # fmt: skip
NUMBERS = (
    "0",
    "-1",
    "00",
    "007",
    "1e5",
    "1.5",
    "²",
    "١٢",
    "𝟙",
    "9" * 10,
    "9" * 20,
    "9" * 400,
    "9" * 5000,
    "nan",
    "",
)
NEST = (
    ("[", "]"),
    ("{", "}"),
    ("(", ")"),
    ('{"a":', "}"),
    ("[{", "}]"),
    ("> ", ""),
    ("- ", ""),
    ("a.", ""),
    ("not ", ""),
)


@dataclass(frozen=True)
class Cut:
    """One change of a text: `at` and `to` are shares of its length."""

    how: str
    at: float
    to: float
    word: str

    def __call__(self, text: str) -> str:
        return getattr(self, f"_{self.how}")(TOKENS.findall(text), text)

    def _replace(self, tokens: list[str], _: str) -> str:
        return self._spliced(tokens, [self.word])

    def _insert(self, tokens: list[str], _: str) -> str:
        place = self._place(tokens)
        return "".join([*tokens[:place], self.word, *tokens[place:]])

    def _delete(self, tokens: list[str], _: str) -> str:
        return self._spliced(tokens, [])

    def _double(self, tokens: list[str], _: str) -> str:
        place = self._place(tokens)
        return self._spliced(tokens, tokens[place : place + 1] * 2)

    def _move(self, tokens: list[str], _: str) -> str:
        place, other = self._place(tokens), min(int(self.to * len(tokens)), len(tokens))
        return "".join([*tokens[:place], *tokens[other : other + 3], *tokens[place:]])

    def _number(self, tokens: list[str], _: str) -> str:
        """Another number in the place of one."""
        places = [place for place, token in enumerate(tokens) if token.isdecimal()] or [0]
        place = places[min(int(self.at * len(places)), len(places) - 1)]
        return "".join([*tokens[:place], NUMBERS[int(self.to * 1e6) % len(NUMBERS)], *tokens[place + 1 :]])

    def _end(self, tokens: list[str], _: str) -> str:
        return "".join(tokens[: self._place(tokens)])

    def _line(self, _: list[str], text: str) -> str:
        lines = text.splitlines(keepends=True)
        place, other = (int(share * len(lines)) for share in (self.at, self.to))
        return "".join([*lines[:place], *lines[other : other + 2], *lines[place:]])

    def _unline(self, _: list[str], text: str) -> str:
        lines = text.splitlines(keepends=True)
        place = int(self.at * len(lines))
        return "".join(lines[:place] + lines[place + 1 :])

    def _repeat(self, tokens: list[str], _: str) -> str:
        place, other = self._place(tokens), int(self.to * len(tokens))
        return "".join([*tokens[:place], *(tokens[place : max(place + 1, min(other, place + 9))] * 200)])

    def _nest(self, tokens: list[str], _: str) -> str:
        begin, end = NEST[int(self.at * 1e6) % len(NEST)]
        depth = DEPTHS[int(self.to * 1e6) % len(DEPTHS)]
        place = self._place(tokens)
        inner = tokens[place] if place < len(tokens) else ""
        return self._spliced(tokens, [begin * depth, inner, end * depth])

    def _place(self, tokens: Sequence[str]) -> int:
        return min(int(self.at * len(tokens)), len(tokens))

    def _spliced(self, tokens: list[str], new: list[str]) -> str:
        place = self._place(tokens)
        return "".join([*tokens[:place], *new, *tokens[place + 1 :]])


_SHARES = st.floats(0, 1, allow_nan=False)
_WAYS = [name.removeprefix("_") for name in vars(Cut) if re.fullmatch(r"_[a-z]+", name)]
_CUTS = st.builds(
    Cut,
    st.sampled_from([one for one in _WAYS if one not in {"place", "spliced"}]),
    _SHARES,
    _SHARES,
    st.sampled_from(WORDS) | st.text(max_size=8),
)


def texts(examples: Sequence[str]) -> st.SearchStrategy[str]:
    """Valid texts after a few cuts, and now and then any text."""

    def cut(text: str, cuts: Sequence[Cut]) -> str:
        for one in cuts:
            text = one(text)[: 2**20]
        return text

    return st.builds(cut, st.sampled_from(list(examples)), st.lists(_CUTS, max_size=4)) | st.text(max_size=60)


def contents(examples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Valid bytes of which a few are others, missing or twice."""

    def broken(content: bytes, changes: Sequence[tuple[float, int, bytes]]) -> bytes:
        for share, gone, new in changes:
            at = int(share * len(content))
            content = content[:at] + new + content[at + gone :]
        return content

    changes = st.tuples(_SHARES, st.integers(0, 40), st.binary(max_size=12))
    return st.builds(broken, st.sampled_from(list(examples)), st.lists(changes, max_size=4))


class _Raw(str):
    """JSON as it is written."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """A JSON object, whose keys may be there twice."""


VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, "", "x", [], _Pairs(), [[]], _Pairs([("", None)]), "\ud800", "\0", "\u202e@everybody",
    "line\nline", "\x1b[31m", "x" * 70_000, "2026-01-01", "../../x", "/etc/passwd", 2**31, 2**63, -(2**63), 2**64, [None] * 300,
    _Raw("NaN"), _Raw("Infinity"), _Raw("-Infinity"), _Raw("1e999"), _Raw("-1e999"), _Raw("9" * 5000), _Raw("1." + "9" * 5000),
    _Raw("-0"), _Raw("1E400"), _Raw("[" * 100_000), _Raw("[" * 900 + "]" * 900), _Raw('{"a":' * 900 + "1" + "}" * 900),
    _Raw(r'"\ud800"'), _Raw(r'"\u0000"'), _Raw("01"), _Raw("nul"), _Raw('"'), _Raw(""), _Raw("{,}"),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change of a JSON tree: `at` chooses the place, `value` goes there."""

    how: str
    at: float
    value: Any

    def __call__(self, tree: Any) -> Any:
        places = list(_places(tree))
        return _put(tree, places[min(int(self.at * len(places)), len(places) - 1)], self)


def trees(examples: Sequence[Any]) -> st.SearchStrategy[bytes]:
    """JSON that says what valid JSON says but for a few places; and valid JSON as a text that was cut."""

    def changed(tree: Any, changes: Sequence[Change]) -> bytes:
        for one in changes:
            tree = one(tree)
        return written(tree).encode("utf-8", "surrogatepass")

    strings = st.text(max_size=10) | st.sampled_from(WORDS)
    values = st.sampled_from(VALUES) | strings | st.floats() | st.integers()
    ways = st.sampled_from(["replace", "replace", "delete", "twice", "key", "wrap", "add"])
    changes = st.lists(st.builds(Change, ways, _SHARES, values), max_size=3)
    shapes = st.sampled_from([_pairs(json.loads(json.dumps(one))) for one in examples])
    cut = texts([json.dumps(one, indent=1) for one in examples])
    return st.builds(changed, shapes, changes) | cut.map(lambda text: text.encode("utf-8", "surrogatepass"))


def written(tree: Any) -> str:
    """A tree as JSON, or as what passes for it."""
    if isinstance(tree, _Raw):
        return tree
    if isinstance(tree, _Pairs):
        return "{" + ",".join(f"{json.dumps(key)}:{written(value)}" for key, value in tree) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(map(written, tree)) + "]"
    return json.dumps(tree)


def _pairs(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return _Pairs((key, _pairs(value)) for key, value in tree.items())
    return [_pairs(one) for one in tree] if isinstance(tree, list) else tree


def _places(tree: Any, path: tuple[int, ...] = ()) -> Any:
    yield path
    inner = [value for _, value in tree] if isinstance(tree, _Pairs) else tree
    if isinstance(inner, list) and len(path) < 12:
        for number, one in enumerate(inner[:60]):
            yield from _places(one, (*path, number))


def _put(tree: Any, path: tuple[int, ...], change: Change) -> Any:
    if not path:
        return {"wrap": [tree], "add": _added(tree, change.value)}.get(change.how, change.value)
    number, *rest = path
    made = type(tree)(tree)
    if isinstance(made, _Pairs):
        key, value = made[number]
        made[number] = (key, _put(value, tuple(rest), change))
        if not rest:
            ended: Mapping[str, Callable[[], Any]] = {
                "delete": lambda: made[:number] + made[number + 1 :],
                "twice": lambda: [*made[: number + 1], (key, value), *made[number:]],
                "key": lambda: [*made[:number], (str(change.value)[:99], value), *made[number + 1 :]],
            }
            return _Pairs(ended[change.how]()) if change.how in ended else made
        return made
    made[number] = _put(made[number], tuple(rest), change)
    if not rest and change.how == "delete":
        return made[:number] + made[number + 1 :]
    return made


def _added(tree: Any, value: Any) -> Any:
    if isinstance(tree, _Pairs):
        return _Pairs([*tree, ("added", value)])
    return [*tree, value] if isinstance(tree, list) else value
