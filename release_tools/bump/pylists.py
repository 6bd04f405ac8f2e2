"""Follows the values of a Python file's names to the strings in them, by libcst; runs nothing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

MAX_DEPTH = 100
GROWING = {"append", "extend", "insert", "update", "add", "setdefault"}
COPYING = {"list", "tuple", "set", "sorted", "dict", "frozenset"}


@dataclass(frozen=True)
class Text:
    """A string literal: its characters start at `place`; `plain` if it is written as it reads."""

    node: cst.BaseExpression
    value: str
    place: int
    plain: bool


@dataclass(frozen=True)
class Computed:
    """A value that only running the code would tell."""

    node: cst.BaseExpression
    place: int


class Source:
    """A Python file and what its names may hold.

    Raises:
      ValueError: it is no Python that libcst reads.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        _require_shallow(text)
        try:
            wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
            self._spans = wrapper.resolve(ByteSpanPositionProvider)
        except (cst.ParserSyntaxError, RecursionError, UnicodeError, cst.CSTValidationError) as error:
            raise ValueError(str(error).partition("\n")[0]) from error
        self.module = wrapper.module
        self._bytes = text.encode()
        self._names = _Names()
        self.module.visit(self._names)

    def calls(self, name: str) -> Iterator[cst.Call]:
        """Calls of a function of this name, with or without a module before it."""
        for call in self._names.calls:
            if called(call) == name:
                yield call

    def strings(self, node: cst.CSTNode | None = None) -> Iterator[Text]:
        """Every string literal in a node, or in the file."""
        finder = _Strings()
        (node or self.module).visit(finder)
        return (self.literal(found) for found in finder.found)

    def keywords(self, call: cst.Call) -> Iterator[tuple[str, cst.BaseExpression]]:
        """The keyword arguments of a call, also those from a dictionary behind `**`."""
        for arg in call.args:
            if arg.keyword is not None:
                yield arg.keyword.value, arg.value
            elif arg.star == "**":
                yield from self._entries(arg.value, frozenset())

    def follow(
        self, node: cst.BaseExpression, seen: frozenset[str] = frozenset()
    ) -> Iterator[Text | Computed]:
        """The strings that a list, a dictionary of lists or a name of one holds, and what is computed."""
        match node:
            case cst.SimpleString():
                yield self.literal(node)
            case cst.Name(value=name) if name in self._names.values or name in self._names.entries:
                if name not in seen:
                    values = [*self._names.values[name], *(value for _, value in self._names.entries[name])]
                    for value in values:
                        yield from self.follow(value, seen | {name})
            case cst.Name(value="None"):
                return
            case _:
                parts = _parts(node)
                if parts is None:
                    yield Computed(node, self.place(node))
                for part in parts or ():
                    yield from self.follow(part, seen)

    def reached(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """The node, and the functions and values that it uses, directly or not."""
        found: list[cst.CSTNode] = [node]
        known: set[str] = set()
        for current in found:  # grows
            uses = _Uses()
            current.visit(uses)
            for name in uses.names - known:
                known.add(name)
                found += [*self._names.functions[name], *self._names.values[name]]
        return found

    def literal(self, node: cst.SimpleString | cst.FormattedString) -> Text:
        """A string literal."""
        if isinstance(node, cst.FormattedString):
            inner = self.module.code_for_node(node)
            return Text(node, inner, self.place(node), plain=False)
        value = node.evaluated_value
        value = value.decode("latin-1") if isinstance(value, bytes) else value
        start = self.place(node) + len(node.prefix) + len(node.quote)
        plain = value == node.raw_value and "b" not in node.prefix.lower()
        return Text(node, value, start, plain and self.text.startswith(value, start))

    def place(self, node: cst.CSTNode) -> int:
        """Where a node begins."""
        return len(self._bytes[: self._spans[node].start].decode(errors="replace"))

    def _entries(
        self, node: cst.BaseExpression, seen: frozenset[str]
    ) -> Iterator[tuple[str, cst.BaseExpression]]:
        match node:
            case cst.Name(value=name) if name not in seen:
                yield from self._names.entries[name]
                for value in self._names.values[name]:
                    yield from self._entries(value, seen | {name})
            case cst.Dict():
                for element in node.elements:
                    if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
                        yield str(element.key.evaluated_value), element.value
                    elif isinstance(element, cst.StarredDictElement):
                        yield from self._entries(element.value, seen)
            case cst.Call(func=cst.Name(value="dict")):
                yield from self.keywords(node)


def _require_shallow(text: str) -> None:
    """Raise a ValueError unless it is Python that nobody nested to make libcst's native parser crash."""
    try:
        level: list[ast.AST] = [ast.parse(text)]
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(str(error).partition("\n")[0] or type(error).__name__) from error
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise ValueError(f"nested more than {MAX_DEPTH} levels deep")


def called(call: cst.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
    return ""


def _parts(node: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    """What a value is put together from, unless that is computed."""
    match node:
        case cst.List() | cst.Tuple() | cst.Set() | cst.Dict():
            parts = [element.value for element in node.elements]
        case cst.BinaryOperation(operator=cst.Add() | cst.BitOr()) | cst.BooleanOperation():
            parts = [node.left, node.right]
            if any(isinstance(part, cst.BaseString) for part in parts):
                return None
        case cst.IfExp():
            parts = [node.body, node.orelse]
        case cst.Subscript():
            parts = [node.value]
        case cst.Call(func=cst.Name(value=name)) if name in COPYING:
            parts = [arg.value for arg in node.args]
        case _:
            return None
    return parts


class _Names(cst.CSTVisitor):
    """What is assigned and added to names anywhere in a file, and its functions and calls."""

    def __init__(self) -> None:
        self.values: dict[str, list[cst.BaseExpression]] = defaultdict(list)
        self.entries: dict[str, list[tuple[str, cst.BaseExpression]]] = defaultdict(list)
        self.functions: dict[str, list[cst.CSTNode]] = defaultdict(list)
        self.calls: list[cst.Call] = []

    def visit_Assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            self._note(target.target, node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            self._note(node.target, node.value)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._note(node.target, node.value)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.functions[node.name.value].append(node)

    def visit_Call(self, node: cst.Call) -> None:
        self.calls.append(node)
        match node.func:
            case cst.Attribute(value=owner, attr=cst.Name(value=method)) if method in GROWING and node.args:
                self._note(owner, node.args[-1].value)

    def _note(self, target: cst.CSTNode, value: cst.BaseExpression) -> None:
        match target:
            case cst.Name(value=name):
                self.values[name].append(value)
            case cst.Subscript(
                value=cst.Name(value=name), slice=[cst.SubscriptElement(slice=cst.Index(value=key))]
            ):
                known = str(key.evaluated_value) if isinstance(key, cst.SimpleString) else ""
                self.entries[name].append((known, value))
            case cst.Tuple() | cst.List():
                for element in target.elements:
                    self._note(element.value, value)


class _Strings(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: list[cst.SimpleString | cst.FormattedString] = []

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self.found.append(node)

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        self.found.append(node)


class _Uses(cst.CSTVisitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Name(self, node: cst.Name) -> None:
        self.names.add(node.value)
