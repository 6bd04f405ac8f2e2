"""Which files the BUILD files name at all, whether or not the pip package reaches them; read, never run."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from release_tools.doctor import syntax
from release_tools.wheel.buildgraph import FILE_NAMES

TEST = "test"


@dataclass(frozen=True)
class Rule:
    """A target of a BUILD file.

    Attributes:
      strings: all that its attributes hold, by attribute.
    """

    kind: str
    name: str
    folder: str
    place: str
    strings: Mapping[str, tuple[str, ...]]

    @property
    def is_test(self) -> bool:
        """Whether Bazel runs it as a test."""
        return self.kind.endswith(TEST)

    @property
    def label(self) -> str:
        """As Bazel calls it."""
        return f"//{self.folder}:{self.name}"


def rules(texts: Mapping[str, str]) -> tuple[Rule, ...]:
    """All targets of all BUILD files; a file that cannot be parsed has none."""
    return tuple(rule for path in sorted(texts) if is_build(path) for rule in _rules(path, texts[path]))


def is_build(path: str) -> bool:
    """Whether a path is that of a BUILD file."""
    return PurePosixPath(path).name in FILE_NAMES


def named(texts: Mapping[str, str]) -> frozenset[str]:
    """Every Python file that some target names, by itself or by glob()."""
    paths = [path for path in texts if path.endswith(".py")]
    found: set[str] = set()
    for rule in rules(texts):
        for text in (text for strings in rule.strings.values() for text in strings):
            if "*" in text:
                found.update(fnmatch.filter(paths, _path(rule, text)))
            elif text.endswith(".py"):
                found.add(_path(rule, text))
    return frozenset(found)


def _path(rule: Rule, text: str) -> str:
    package, _, name = text.rpartition(":")
    folder = package.removeprefix("//") if package.startswith("//") else rule.folder
    return f"{folder}/{name}".removeprefix("/")


def _rules(path: str, text: str) -> Iterator[Rule]:
    folder = str(PurePosixPath(path).parent).removeprefix(".")
    tree = syntax.parsed(text)
    for node in tree.body if tree else ():
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id=kind), keywords=keywords)):
                values = {keyword.arg: _strings(keyword.value) for keyword in keywords if keyword.arg}
                name = next(iter(values.get("name", ())), "")
                if name:
                    yield Rule(kind, name, folder, f"{path}:{node.lineno}", values)


def _strings(value: ast.expr) -> tuple[str, ...]:
    found = (n for n in ast.walk(value) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return tuple(str(node.value) for node in found)
