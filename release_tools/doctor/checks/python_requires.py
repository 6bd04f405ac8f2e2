"""The Python that the metadata asks for is the Python that the code and its dependencies need."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from release_tools.doctor import syntax
from release_tools.doctor.findings import Finding, Untold, note, untold, warning
from release_tools.doctor.subject import Need, Subject, Trial

title = "python_requires is honest"
needs = (Need.WHEEL,)

MEND = "set python_requires in setup.py to {}"
MINORS = range(3, 20)
SYNTAX: tuple[tuple[type[ast.AST], int, str], ...] = (
    (ast.Match, 10, "match"),
    (ast.NamedExpr, 8, ":="),
    (ast.JoinedStr, 6, "f-strings"),
    (ast.AnnAssign, 6, "annotations of variables"),
    (ast.AsyncFunctionDef, 5, "async"),
)
MODULES = {
    "__future__.annotations": 7,
    "dataclasses": 7,
    "typing": 5,
    "enum": 4,
    "pathlib": 4,
    "statistics": 4,
}


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Whether it is missing, unreadable, or allows a Python on which this cannot run."""
    wheel = subject.wheel
    assert wheel is not None
    if not wheel.requires_python:
        yield warning(
            "the metadata says nothing of Python, so pip takes any", wheel.name, MEND.format("'>=3.x'")
        )
        return
    try:
        allowed = SpecifierSet(wheel.requires_python)
    except InvalidSpecifier:
        yield untold(f"{wheel.requires_python!r} is no range of versions", wheel.name, MEND.format("'>=3.x'"))
        return
    lowest = next((minor for minor in MINORS if f"3.{minor}.99" in allowed), MINORS[-1])
    needed, why = _needed(wheel.texts)
    if needed > lowest:
        what = (
            f"python_requires {wheel.requires_python} allows 3.{lowest}, the code needs 3.{needed}: {why[0]}"
        )
        yield warning(what, why[1], MEND.format(f"'>=3.{needed}'"))
    for trial in subject.trials:
        yield from _of_tensorflow(trial, wheel.requires_python, lowest, wheel.name)
    if wheel.tag.startswith("py2.") and "2.7" not in allowed:
        yield note(
            f"its name says {wheel.tag}, though Python 2 is not allowed", wheel.name, "drop --universal"
        )


def _of_tensorflow(trial: Trial, said: str, lowest: int, where: str) -> Iterator[Finding]:
    """Whether even the oldest TensorFlow that is supported needs more; of others pip takes what fits."""
    version, python = trial.installed.get("tensorflow", ("", ""))
    floor = _floor(python)
    if trial.role == "oldest" and floor > lowest:
        what = f"python_requires {said} allows 3.{lowest}, but TensorFlow {version} needs 3.{floor}"
        yield warning(f"{what} ({trial.why})", where, MEND.format(f"'>=3.{floor}'"))


def _floor(python: str) -> int:
    try:
        allowed = SpecifierSet(python)
    except InvalidSpecifier:
        return 0
    return next((minor for minor in MINORS if f"3.{minor}.99" in allowed), 0)


def _needed(texts: Mapping[str, str]) -> tuple[int, tuple[str, str]]:
    """The lowest minor version of Python 3 that reads the code, and the reason with its place."""
    needed, why = 0, ("", "")
    for path in sorted(texts):
        tree = syntax.parsed(texts[path])
        for node in ast.walk(tree) if tree else ():
            minor, reason = _feature(node)
            if minor > needed:
                needed, why = minor, (reason, f"{path}:{getattr(node, 'lineno', 1)}")
    return needed, why


def _feature(node: ast.AST) -> tuple[int, str]:
    """What a piece of syntax, or a module of the standard library, needs."""
    if isinstance(node, ast.arguments) and node.posonlyargs:
        return 8, "positional-only parameters"
    if isinstance(node, ast.ImportFrom):
        names = {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    elif isinstance(node, ast.Import):
        names = {alias.name for alias in node.names}
    else:
        return next(((minor, name) for kind, minor, name in SYNTAX if isinstance(node, kind)), (0, ""))
    return max(((minor, name) for name, minor in MODULES.items() if name in names), default=(0, ""))
