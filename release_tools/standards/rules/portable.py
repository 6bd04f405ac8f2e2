"""Configs name no file that only their author can reach; where one does, an override is named."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from release_tools.standards.example import Example, Module
from release_tools.standards.nouns import Finding

UNREACHABLE = {
    re.compile(r"^gs://[^\s]*\*\*"): "a bucket that is not named",
    re.compile(r"^gs://<"): "a bucket that is not named",
    re.compile(r"(^|:)/?readahead\b|^/readahead/"): "a file system of Google's",
    re.compile(r"^/(cns|placer|bigstore|namespace|x20|google)/|(^|/)placer/"): "a file system of Google's",
    re.compile(
        r"^/(home|Users|usr/local/google|mnt|data|tmp|root|var|media|scratch|workspace|content)/"
    ): "a file of one machine",
    re.compile(r"^[A-Za-z]:\\"): "a file of one machine",
    re.compile(r"^placer$"): "a file system of Google's",
}

SOME = re.compile(r"['\"](?:gs:|/|[A-Za-z]:|placer)|readahead|placer/")  # a text without it has none of them
CONFIGS = {"runtime", "task", "trainer"}  # of an experiment: what an override can reach


def spared(example: Example) -> str:
    """Nobody's example, nobody's fault."""
    return "code of everybody's is no example" if example.shared else ""


def check(example: Example) -> Iterator[Finding]:
    """Such paths in Python and in YAML."""
    for module in example.parts:
        if SOME.search(module.text):
            yield from _python(module)
    for path, text in example.texts.items():
        yield from _yaml(path, text)


def _reason(value: str) -> str:
    return next((reason for shape, reason in UNREACHABLE.items() if shape.search(value)), "")


def _python(module: Module) -> Iterator[Finding]:
    docs = set(_docstrings(module.tree))
    names = _named_uses(module.tree)
    for node, keys in _strings(module.tree, ()):
        reason = "" if id(node) in docs else _reason(str(node.value))
        if reason:
            overrides = [keys] if keys else names.get(_assigned(module.tree, node), [])
            yield _finding(module.path, node.lineno, str(node.value), reason, overrides)


def _finding(path: str, line: int, value: str, reason: str, overrides: Sequence[Sequence[str]]) -> Finding:
    keys = dict.fromkeys(".".join(one) for one in overrides if one[0] in CONFIGS)
    mend = ",".join(f"{key}=YOUR_PATH" for key in keys)
    given = f"--params_override={mend}" if mend else "give it as an option"
    return Finding(path, line, f"{value[:100]} is {reason}", f"leave it empty; until then: {given}")


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for line in body if isinstance(body, list) else []:
            if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
                yield id(line.value)


def _strings(node: ast.AST, keys: tuple[str, ...]) -> Iterator[tuple[ast.Constant, tuple[str, ...]]]:
    """Every text, with the keywords and keys that lead to it: task, train_data, input_path."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, keys
    for child in ast.iter_child_nodes(node):
        below = keys
        if isinstance(child, ast.keyword) and child.arg:
            below = (*keys, child.arg)
        elif isinstance(child, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            below = ()
        elif (
            isinstance(child, ast.AnnAssign)
            and isinstance(child.target, ast.Name)
            and isinstance(node, ast.ClassDef)
        ):
            below = (child.target.id,)
        yield from _strings(child, below)


def _named_uses(tree: ast.AST) -> dict[str, list[tuple[str, ...]]]:
    """By the name of a constant, the keys of the config that it is used for."""
    found: dict[str, list[tuple[str, ...]]] = {}

    def look(node: ast.AST, keys: tuple[str, ...]) -> None:
        if isinstance(node, ast.Name) and keys:
            found.setdefault(node.id, []).append(keys)
        for child in ast.iter_child_nodes(node):
            look(child, (*keys, child.arg) if isinstance(child, ast.keyword) and child.arg else keys)

    look(tree, ())
    return found


def _assigned(tree: ast.AST, node: ast.Constant) -> str:
    """The name that a text is the value of."""
    for line in ast.walk(tree):
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
                return name
    return ""


def _yaml(path: str, text: str) -> Iterator[Finding]:
    import yaml

    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        yield Finding(path, line, "is no YAML", "correct the syntax")
        return
    for document in documents:
        for keys, line, value in _scalars(document, (), set()):
            reason = _reason(value)
            if reason:
                yield _finding(path, line, value, reason, [keys])


def _scalars(
    node: object, keys: tuple[str, ...], seen: set[int]
) -> Iterator[tuple[tuple[str, ...], int, str]]:
    """Every value with the keys that lead to it; what an anchor repeats, however often, once."""
    import yaml

    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield keys, node.start_mark.line + 1, str(node.value)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*keys, str(key.value)), seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _scalars(value, keys, seen)
