"""What must hold before a release; one file a gate, found by folder. A gate judges facts and reads nothing.

A gate is a module with one function, `judge(facts) -> GateResult`; its name is the module's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from convergence import members
from convergence.errors import UserError
from convergence.model import Outcome
from release_tools.approvals.steps import TechniqueState
from release_tools.doctor.findings import Finding
from release_tools.release.nouns import GateResult


@dataclass(frozen=True)
class ClaimFact:
    """What is known of a headline claim, for exactly the content that is released.

    Attributes:
      outcomes: of every campaign at the tier that counts that is believed, with the address of its run.
    """

    technique: str
    claim: str
    outcomes: tuple[tuple[Outcome, str], ...] = ()


@dataclass(frozen=True)
class StepsFact:
    """How far a technique of the policy is; `state` is None where no pull request of its is known."""

    technique: str
    state: TechniqueState | None
    url: str = ""


@dataclass(frozen=True)
class DoctorFact:
    """What the doctor found, and what it could not tell."""

    findings: tuple[Finding, ...]
    could_not_tell: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckFact:
    """A check on the commit that the policy wants green; `conclusion` is empty where there is none yet."""

    name: str
    conclusion: str
    url: str = ""


@dataclass(frozen=True)
class Published:
    """What the index has of the version: nothing, or files with these digests. None: it was not reachable.

    Attributes:
      contents: the content digests of the files.
    """

    digests: frozenset[str] | None = frozenset()
    contents: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facts:
    """All that the gates judge.

    Attributes:
      wheel_sha256: of the wheel to publish; empty while that is not built.
      doctor: None where it has not been run.
      tier: at which claims count; any but `full` is for rehearsals alone, and said.
    """

    version: str
    content_digest: str
    notes: str
    wheel_sha256: str = ""
    claims: tuple[ClaimFact, ...] = ()
    steps: tuple[StepsFact, ...] = ()
    doctor: DoctorFact | None = None
    published: Published = Published(None)
    checks: tuple[CheckFact, ...] = ()
    tier: str = "full"


@dataclass(frozen=True)
class Override:
    """That an authorised person takes a gate's refusal on themselves."""

    gate: str
    by: str
    reason: str


def names() -> tuple[str, ...]:
    """The gates that there are."""
    return tuple(members.typed(__name__))


def judge(facts: Facts, overrides: Sequence[Override] = ()) -> tuple[GateResult, ...]:
    """What every gate says, with what was overridden said so."""
    taken = {one.gate: one for one in overrides}
    return tuple(_overridden(_gate(name).judge(facts), taken.get(name)) for name in names())


def require_known(name: str) -> None:
    """Raise a UserError unless there is a gate of this name."""
    if name not in names():
        raise UserError("unknown-gate", f"no gate {name!r}", hint=f"known: {', '.join(names())}")


def result(module: str, reason: str, *, passed: bool, url: str = "") -> GateResult:
    """What the gate in a module says."""
    return GateResult(module.rpartition(".")[2].replace("_", "-"), passed, reason, url)


def _overridden(found: GateResult, override: Override | None) -> GateResult:
    if found.passed or override is None:
        return found
    return replace(found, overridden=f"{override.by}: {override.reason}")


def _gate(name: str) -> ModuleType:
    return members.load(__name__, name)
