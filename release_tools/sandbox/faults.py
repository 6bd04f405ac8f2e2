"""What can go wrong between a caller and GitHub, and when it shall."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from release_tools.sandbox.errors import DOCUMENTATION


@dataclass(frozen=True)
class Answer:
    """An answer instead of GitHub's own."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with a call.

    Attributes:
      performed: whether the call is carried out all the same.
      answer: what the caller reads; None means what GitHub would have said, if `dropped` is false.
      dropped: whether the connection dies without an answer.
      seconds: how much longer it takes.
    """

    name: str
    performed: bool = False
    answer: Answer | None = None
    dropped: bool = False
    seconds: float = 0


def _said(status: int, message: str, **headers: str) -> Answer:
    body = json.dumps({"message": message, "documentation_url": DOCUMENTATION, "status": str(status)})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8", **named})


def too_many(retry_after: int = 1) -> Fault:
    """429 with Retry-After."""
    return Fault("429", answer=_said(429, "API rate limit exceeded", Retry_After=str(retry_after)))


def secondary_limit(retry_after: int | None = 1) -> Fault:
    """GitHub's secondary rate limit, a 403; Retry-After may be missing."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return Fault("403 secondary", answer=_said(403, message, **headers))


def bad_gateway(*, performed: bool = False) -> Fault:
    """502 with a page that is no JSON, before or after the call was carried out."""
    page = Answer(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"})
    return Fault("502 after" if performed else "502", performed, page)


def dropped(*, performed: bool = False) -> Fault:
    """The connection dies, before or after the call was carried out."""
    return Fault("dropped after" if performed else "dropped", performed, dropped=True)


def slow(seconds: float) -> Fault:
    """GitHub takes its time."""
    return Fault("slow", performed=True, seconds=seconds)


def every(seconds: float = 0.0) -> tuple[Fault, ...]:
    """One of each kind; `seconds` is what the slow one takes, and what the others ask to wait."""
    wait = max(1, round(seconds))
    return (
        too_many(wait),
        secondary_limit(wait),
        bad_gateway(),
        bad_gateway(performed=True),
        dropped(),
        dropped(performed=True),
        slow(seconds),
    )


Clue = Callable[[str, str], bool]


@dataclass
class _Rule:
    fault: Fault
    applies: Clue
    skip: int
    times: int


class Faults:
    """Rules, of which the first that fits a call is used up a little; and what comes at random.

    Attributes:
      met: the names of the random faults that calls have met.
    """

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._chance: Callable[[str], Fault | None] = lambda _: None
        self.met: list[str] = []

    def at_random(self, seed: int, rate: float, path: str = "", kinds: Sequence[Fault] = ()) -> None:
        """Have faults on a share of all calls from now on, the same ones for the same seed; rate 0 ends it.

        Args:
          path: regular expression, searched in the path: only such calls meet any.
          kinds: those that there are; `every()` by default.
        """
        drawn, possible = random.Random(seed), tuple(kinds) or every()  # noqa: S311 - no secret

        def chance(at: str) -> Fault | None:
            if not re.search(path, at) or drawn.random() >= rate:
                return None
            return drawn.choice(possible)

        self._chance = chance

    def add(self, fault: Fault, method: str = "", path: str = "", *, times: int = 1, skip: int = 0) -> None:
        """Have a fault on the next calls that fit.

        Args:
          method: regular expression for the whole method; empty fits all.
          path: regular expression, searched in the path.
          times: how many calls.
          skip: how many calls that fit go well first.
        """

        def applies(called: str, at: str) -> bool:
            return (not method or bool(re.fullmatch(method, called))) and bool(re.search(path, at))

        self._rules.append(_Rule(fault, applies, skip, times))

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this call meets."""
        for rule in self._rules:
            if rule.times > 0 and rule.applies(method, path):
                if rule.skip:
                    rule.skip -= 1
                    continue
                rule.times -= 1
                return rule.fault
        fault = self._chance(path)
        if fault:
            self.met.append(fault.name)
        return fault

    def pending(self) -> int:
        """How many faults no call has met yet: a test that meant to meet them asserts 0."""
        return sum(rule.times for rule in self._rules)
