"""Which tests a tree does not run: skipped, tagged away, commented out, deleted, or marked as still to do."""

from __future__ import annotations

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from release_tools.doctor import syntax, targets

TAGS = frozenset({"manual", "notap", "no_oss", "no_pip", "nobuilder", "disabled", "no_test", "broken"})
SKIPS = frozenset(
    {"skip", "skipIf", "skipUnless", "skipif", "xfail", "expectedFailure", "skipTest", "disabled"}
)
TODO = re.compile(r"\b(TODO|FIXME)\b")
COMMENT = re.compile(r"^\s*#+\s*(?P<text>.*?)\s*$")
DEFINITION = re.compile(r"\s*(def|class)\s+\w*test\w*", re.IGNORECASE)
SHORTEST = 4  # letters of a line that is worth calling code


@dataclass(frozen=True)
class Mark:
    """One place at which a test does not run or is said to be unfinished.

    Attributes:
      kind: `skip`, `tag`, `del`, `todo`.
      what: the test, tag or words; the same mark in another line is no new one.
      test: that is skipped, by `Class.method`, or the class of such.
    """

    kind: str
    path: str
    what: str
    test: str = ""


@dataclass(frozen=True)
class Block:
    """Lines that are comments now and were code before."""

    path: str
    line: int
    first: str
    lines: int


def changed(texts: Mapping[str, str], other: Mapping[str, str]) -> Mapping[str, str]:
    """The files that another tree does not hold just so: whatever came or went is in these."""
    return {path: text for path, text in texts.items() if other.get(path) != text}


def is_test(path: str) -> bool:
    """Whether a file holds tests."""
    name = PurePosixPath(path).name
    return name.endswith("_test.py") or (name.startswith("test_") and name.endswith(".py"))


def marks(texts: Mapping[str, str]) -> Mapping[Mark, list[int]]:
    """All marks, with the lines in which they are."""
    found: dict[Mark, list[int]] = {}
    for mark, line in [*_tags(texts), *(m for p in sorted(texts) if is_test(p) for m in _of(p, texts[p]))]:
        found.setdefault(mark, []).append(line)
    return found


def commented_out(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Block]:
    """What was code in a test of `old` and is a comment in `new`; neighbouring lines are one block."""
    for path in sorted(filter(is_test, new)):
        lines = dict(_commented_lines(old[path], new[path])) if path in old else {}
        starts = [line for line in lines if line - 1 not in lines]
        for start in starts:
            length = next(n for n in itertools.count(1) if start + n not in lines)
            yield Block(path, start, lines[start], length)


def _commented_lines(before: str, after: str) -> Iterator[tuple[int, str]]:
    gone = _code(before)
    gone.subtract(_code(after))
    were = Counter(_comments(before).values())
    for line, text in _comments(after).items():
        if were[text] > 0:
            were[text] -= 1
        elif gone[text] > 0 and len(re.sub(r"\W", "", text)) >= SHORTEST:
            gone[text] -= 1
            yield line, text
        elif DEFINITION.match(text) and text.endswith(":"):
            yield line, text


def tests(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Where each test is defined, by `Class.method`, whichever file it is in."""
    found = {}
    for path in sorted(filter(is_test, texts)):
        for name, node in _functions(texts[path]):
            is_method = isinstance(node, ast.FunctionDef) and name.count(".") <= 1
            if is_method and name.rpartition(".")[2].lower().startswith("test"):
                found[name] = f"{path}:{node.lineno}"
    return found


def run_by_bazel(texts: Mapping[str, str]) -> frozenset[str]:
    """Labels of the test targets."""
    return frozenset(rule.label for rule in targets.rules(texts) if rule.is_test)


def _tags(texts: Mapping[str, str]) -> Iterator[tuple[Mark, int]]:
    for rule in targets.rules(texts):
        for tag in TAGS & set(rule.strings.get("tags", ())):
            path, _, line = rule.place.rpartition(":")
            if rule.is_test:
                yield Mark("tag", path, f'{rule.name} has the tag "{tag}"'), int(line)


def _of(path: str, text: str) -> Iterator[tuple[Mark, int]]:
    for name, node in _functions(text):
        for skip in _skips(node):
            yield Mark("skip", path, f"{name} is under {skip}", name), node.lineno
    for statement in ast.walk(_parsed(text)):
        for target in statement.targets if isinstance(statement, ast.Delete) else ():
            if "test" in ast.unparse(target).lower():
                yield Mark("del", path, f"del {ast.unparse(target)}"), target.lineno
    for line, comment in _comments(text, whole=False).items():
        if TODO.search(comment):
            yield Mark("todo", path, comment), line


def _functions(text: str) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Classes and functions with their names, methods after their classes."""
    waiting: list[tuple[ast.AST, str]] = [(_parsed(text), "")]
    while waiting:
        node, prefix = waiting.pop(0)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                name = f"{prefix}.{child.name}".removeprefix(".")
                yield name, child
                waiting.append((child, name))


def _skips(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """How it is skipped: by a decorator, or by calling skipTest in its own body."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        text = ast.unparse(called)
        if text.rpartition(".")[2] in SKIPS:
            yield f"@{text}"
    if isinstance(node, ast.FunctionDef):
        calls = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
        yield from {ast.unparse(f) for f in calls if isinstance(f, ast.Attribute) and f.attr == "skipTest"}


def _parsed(text: str) -> ast.Module:
    return syntax.parsed(text) or ast.Module([], [])


def _code(text: str) -> Counter[str]:
    """Lines that are code, however they are indented, and how often."""
    lines = (line.strip() for line in text.splitlines())
    return Counter(line for line in lines if line and not line.startswith("#"))


def _comments(text: str, *, whole: bool = True) -> dict[int, str]:
    """Comments by line: those that fill a line, or all of them."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = COMMENT.match(line if whole else line[line.find("#") :] if "#" in line else "")
        if match and match["text"]:
            found[number] = match["text"]
    return found
