"""Whether an example abides by the rules: every file in `rules/` is one; nothing acts here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol, cast

from convergence import members
from convergence.errors import UserError
from release_tools.standards import rules
from release_tools.standards.example import Example
from release_tools.standards.nouns import Finding, Judged, Report, Standing

__all__ = ["Example", "Finding", "Judged", "Report", "Rule", "Standing", "examine", "find", "names"]


class Rule(Protocol):
    """The contract of a file in `rules/`; the first line of its docstring says what the rule is."""

    def spared(self, example: Example) -> str:
        """Why the rule does not apply; empty where it does."""

    def check(self, example: Example) -> Iterator[Finding]:
        """What is wrong, and what cannot be told; each with file, line and how to mend it."""


def names() -> list[str]:
    """Every rule there is."""
    return members.names(rules.__name__)


def find(name: str) -> Rule:
    """The rule of that name.

    Raises:
      UserError: unknown-rule.
    """
    if name not in names():
        raise UserError("unknown-rule", f'no rule "{name}"', hint=f"known: {', '.join(names())}")
    return cast("Rule", members.load(rules.__name__, name))


def examine(example: Example, only: Sequence[str] = (), *, sha: str = "") -> Report:
    """How an example stands with every rule, or with some; it has been read, and imported, before.

    Args:
      sha: the commit that it was read at.

    Raises:
      UserError: unknown-rule.
    """
    judged, findings = [], list[Finding]()
    for name in only or names():
        rule = find(name)
        about, why = (rule.__doc__ or "").splitlines()[0], rule.spared(example)
        found = [] if why else sorted({replace(one, rule=name) for one in rule.check(example)}, key=_order)
        judged.append(Judged(name, about, Standing.SPARED if why else _standing(found), why))
        findings += found
    run = example.run
    return Report(
        example=example.label,
        sha=sha,
        modules=len(example.modules),
        imported=len(run.imported & {one.name for one in example.own}) if run else 0,
        isolation=run.isolation if run else "not imported",
        rules=tuple(judged),
        findings=tuple(findings),
        notes=tuple(_notes(example)),
    )


def _standing(found: Sequence[Finding]) -> Standing:
    if not found:
        return Standing.PASSED
    return Standing.FAILED if any(one.certain for one in found) else Standing.UNKNOWN


def _order(one: Finding) -> tuple[str, int, str]:
    return one.path, one.line, one.what


def _notes(example: Example) -> Iterator[str]:
    for event in example.run.of("stand-in") if example.run else ():
        yield f"{event.module} was imported with an empty module for {event.detail}, which is not installed"
