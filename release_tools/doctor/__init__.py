"""What is wrong with a release, before or after it is one: every check over one subject, in parallel."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from convergence.errors import one_line
from convergence.model import STRICT
from release_tools.doctor import checks
from release_tools.doctor.acceptance import Acceptance, apply
from release_tools.doctor.findings import Finding, Severity, Untold, untold

if TYPE_CHECKING:
    from release_tools.doctor.subject import Subject

ORDER = tuple(Severity)
GATHERING = "gathering"  # the check's name of what was found while reading


class Health(enum.IntEnum):
    """What a report comes to, as the exit status of a process."""

    CLEAN = 0
    BLOCKED = 1
    UNTOLD = 3


@dataclass(frozen=True)
class LeftOut:
    """A check that was not made, since something that it needs is not there."""

    check: str
    lacks: str


@dataclass(frozen=True)
class Report:
    """What was found, worst first.

    Attributes:
      could_not_tell: what may be wrong or not.
      examined: names of the checks that were made.
      left_out: checks that this subject does not allow.
    """

    __pydantic_config__: ClassVar = STRICT

    subject: str
    findings: tuple[Finding, ...]
    could_not_tell: tuple[Untold, ...] = ()
    examined: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """The findings that refuse the release."""
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def items(self) -> tuple[Finding | Untold, ...]:
        """All of it."""
        return (*self.findings, *self.could_not_tell)

    @property
    def health(self) -> Health:
        """The worst of it."""
        if self.blockers:
            return Health.BLOCKED
        unknown = any(not item.accepted for item in self.could_not_tell)
        return Health.UNTOLD if unknown else Health.CLEAN

    @property
    def clean(self) -> bool:
        """Whether nothing refuses the release and nothing that a check asked is unknown."""
        return self.health is Health.CLEAN


def examine(
    subject: Subject, accepted: Sequence[Acceptance] = (), made: Sequence[checks.Named] | None = None
) -> Report:
    """Make every check that the subject allows; pure, so the same subject gives the same report.

    Args:
      accepted: what maintainers accepted; one that matches nothing is itself a finding.
      made: by default all there are.
    """
    chosen = checks.found() if made is None else tuple(made)
    lacking = {named.name: _lacks(named, subject) for named in chosen}
    possible = [named for named in chosen if not lacking[named.name]]
    with ThreadPoolExecutor(max_workers=8) as pool:
        results = list(pool.map(lambda named: _run(named, subject), possible))
    items = [_named(item, item.check or GATHERING) for item in subject.beforehand]
    items += [item for found in results for item in found]
    items = apply(items, accepted, {GATHERING, *(named.name for named in possible)})
    findings = [item for item in dict.fromkeys(items) if isinstance(item, Finding)]
    return Report(
        subject.name,
        tuple(sorted(findings, key=_rank)),
        tuple(item for item in dict.fromkeys(items) if isinstance(item, Untold)),
        tuple(named.name for named in possible),
        tuple(LeftOut(name, lacks) for name, lacks in lacking.items() if lacks),
    )


def _lacks(named: checks.Named, subject: Subject) -> str:
    """What a check needs and the subject has not."""
    return ", ".join(sorted(need.value for need in named.check.needs if subject.lacks(need)))


def _run(named: checks.Named, subject: Subject) -> list[Finding | Untold]:
    """One check; what it did not foresee is said to be unknown, beside what it had found until then."""
    found: list[Finding | Untold] = []
    try:
        for item in named.check.examine(subject):
            found.append(_named(item, named.name))  # noqa: PERF401 - what came before a failure counts
    except Exception as error:
        what = f"the check ended with {type(error).__name__}: {one_line(str(error))[:200]}"
        found.append(_named(untold(what, subject.name, "tell who keeps release-tools"), named.name))
    return found


def _named(item: Finding | Untold, name: str) -> Finding | Untold:
    return dataclasses.replace(item, check=name)


def _rank(finding: Finding) -> tuple[int, bool, str]:
    return ORDER.index(finding.severity), bool(finding.accepted), finding.check
