"""Reads the facts that the gates judge: the history branch, the index, the checks, and who knows more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from convergence.model import Outcome, Recipe, Status
from release_tools.approvals.steps import TechniqueState
from release_tools.gates import CheckFact, ClaimFact, DoctorFact, Facts, Published, StepsFact
from release_tools.model import Check, WorkflowRun
from release_tools.policy import Policy

if TYPE_CHECKING:
    from release_tools.jobs.history import Record


class Reader(Protocol):
    """What is asked of GitHub."""

    def list_folder(self, repository: str, path: str, ref: str) -> tuple[str, ...]:
        """Paths of the files in a folder at a branch."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file at a commit."""

    def workflow_run(self, repository: str, run_id: int) -> WorkflowRun | None:
        """A run of the repository's workflows."""

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""

    def checks(self, repository: str, sha: str) -> tuple[Check, ...]:
        """The check runs of a commit."""


@dataclass(frozen=True)
class Known:
    """Those who know what GitHub alone does not tell.

    Attributes:
      approvals: how far a technique of the policy is, and where; None where nobody knows.
      doctor: what it says of what is about to be released; None where it has not looked at that.
      published: what the index has of a version.
    """

    approvals: Callable[[Policy, str], tuple[TechniqueState, str] | None]
    doctor: Callable[[Subject], DoctorFact | None]
    published: Callable[[str], Published]


@dataclass(frozen=True)
class Subject:
    """What is to be released: built, but not public yet.

    Attributes:
      sha: of the release commit; while that is only planned, `checked` is the commit that checks ran on.
    """

    version: str
    repository: str
    source: str
    sha: str
    wheel: Path
    wheel_sha256: str
    content_digest: str
    notes: str
    checked: str = ""


def read(subject: Subject, policy: Policy, recipes: Mapping[str, Recipe], hub: Reader, known: Known) -> Facts:
    """All facts."""
    return Facts(
        version=subject.version,
        content_digest=subject.content_digest,
        notes=subject.notes,
        wheel_sha256=subject.wheel_sha256,
        claims=tuple(_claims(subject.content_digest, policy, recipes, hub)),
        tier=policy.converge.evidence_tier,
        steps=tuple(_steps(policy, known)),
        doctor=known.doctor(subject),
        published=known.published(subject.version),
        checks=_checks(subject, policy, hub),
    )


def headlines(policy: Policy, recipes: Mapping[str, Recipe]) -> Iterator[tuple[str, str]]:
    """The claims that each technique stands or falls with: those the policy names, or else the claim file."""
    for technique in policy.techniques:
        marked = [
            claim.id
            for recipe in recipes.values()
            for claim in recipe.claims
            if (recipe.technique, recipe.tier) == (technique, policy.converge.evidence_tier)
            and claim.headline
        ]
        named = policy.technique(technique).headline or tuple(dict.fromkeys(marked))
        for claim in named or (f"{technique}: its headline claim",):
            yield technique, claim


def _claims(digest: str, policy: Policy, recipes: Mapping[str, Recipe], hub: Reader) -> Iterator[ClaimFact]:
    wanted, tier = list(headlines(policy, recipes)), policy.converge.evidence_tier
    found = list(_records(digest, policy, hub)) if wanted else []
    for technique, claim in wanted:
        outcomes = [
            (one.outcome, record.run)
            for record in found
            for one in record.found
            if (one.claim, one.tier, one.status, one.told) == (claim, tier, Status.ACCEPTED, False)
            and one.outcome in {Outcome.REPRODUCED, Outcome.NOT_REPRODUCED}
        ]
        yield ClaimFact(technique, claim, tuple(outcomes))


def _records(digest: str, policy: Policy, hub: Reader) -> Iterator[Record]:
    """Of this content, wherever it was tested."""
    from release_tools.jobs import history  # which loads what judges: seconds that a resumed release spares

    for repository in _repositories(policy):
        yield from history.records_for(hub, repository, policy.storage.history, digest)


def _repositories(policy: Policy) -> Sequence[str]:
    names = policy.repositories
    return [one for one in (names.tfmot, names.models, names.fork) if one]


def _steps(policy: Policy, known: Known) -> Iterator[StepsFact]:
    for technique in policy.techniques:
        found = known.approvals(policy, technique)
        yield StepsFact(technique, *found) if found else StepsFact(technique, None)


def _checks(subject: Subject, policy: Policy, hub: Reader) -> tuple[CheckFact, ...]:
    if not policy.checks:
        return ()
    latest: dict[str, Check] = {}
    for one in sorted(
        hub.checks(subject.repository, subject.checked or subject.sha), key=lambda check: check.id
    ):
        latest[one.name] = one
    found = [(name, latest.get(name)) for name in policy.checks]
    return tuple(
        CheckFact(name, one.conclusion if one else "", one.url if one else "") for name, one in found
    )
