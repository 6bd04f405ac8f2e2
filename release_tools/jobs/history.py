"""The records of what was reproduced: how one is made, and which of those on the history branch are believed.

Anybody with a right to write may put a file there. A record counts where GitHub itself tells that the run
which it names was our workflow's, on the default branch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, Protocol

from convergence import records
from convergence.errors import UserError
from convergence.model import STRICT, Outcome, Status, Verdict
from release_tools import underway
from release_tools.jobs.judging import TOLD
from release_tools.model import KeepFile, WorkflowRun
from release_tools.plan import Commit, Plan

if TYPE_CHECKING:
    from convergence.campaign import CampaignResult

FOLDER = "records"
WORKFLOW = ".github/workflows/converge.yml"


@dataclass(frozen=True)
class Found:
    """What came out of one claim.

    Attributes:
      told: whether its metric is only the word of the process that trained.
    """

    __pydantic_config__: ClassVar = STRICT

    claim: str
    technique: str
    tier: str
    status: Status
    headline: bool
    outcome: Outcome
    line: str
    told: bool


@dataclass(frozen=True)
class Record:
    """What a request found, and of which code.

    Attributes:
      content_digest: of the wheel; evidence holds for equal content.
      harness: digest of the code that trained and measured, and `harness_commit` where it is from.
      run: address of the workflow run.
    """

    __pydantic_config__: ClassVar = STRICT

    request_id: str
    repository: str
    pull_request: int
    requested_by: str
    head_sha: str
    tfmot: Commit
    models: Commit
    content_digest: str
    wheel_sha256: str
    harness: str
    harness_commit: str
    found: tuple[Found, ...]
    trials: tuple[str, ...]
    infrastructure_failures: int
    versions: Mapping[str, str]
    run: str

    @property
    def path(self) -> str:
        """Where it is kept: another record has another name."""
        name = hashlib.sha256(records.text(self).encode()).hexdigest()[:12]
        return f"{FOLDER}/{self.content_digest}/{self.request_id}-{name}.json"


@dataclass(frozen=True)
class Believed:
    """A record that counts, and when its run ended, as GitHub tells it: nobody forges that time."""

    record: Record
    at: datetime | None


class Reader(Protocol):
    """What is asked of GitHub."""

    def list_folder(self, repository: str, path: str, ref: str) -> tuple[str, ...]:
        """Paths of the files in a folder at a branch; none where either is missing."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file at a commit; None where there is none."""

    def workflow_run(self, repository: str, run_id: int) -> WorkflowRun | None:
        """A run of the repository's workflows; None where there is no such run."""

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""


def record(plan: Plan, result: CampaignResult, wheel_sha256: str, run: str, commit: str) -> Record:
    """The record of a campaign of the plan's."""
    return Record(
        request_id=plan.request_id,
        repository=plan.repository,
        pull_request=plan.pull_request,
        requested_by=plan.requested_by,
        head_sha=plan.head_sha,
        tfmot=plan.tfmot,
        models=plan.models,
        content_digest=result.plan.content_digest,
        wheel_sha256=wheel_sha256,
        harness=result.plan.harness,
        harness_commit=commit,
        found=tuple(_found(plan, verdict) for verdict in result.verdicts),
        trials=result.trials,
        infrastructure_failures=result.infrastructure_failures,
        versions=result.plan.versions,
        run=run,
    )


def keep(made: Record, branch: str) -> KeepFile:
    """The effect that keeps a record."""
    return KeepFile(made.repository, branch, made.path, records.text(made))


def records_for(
    reader: Reader, repository: str, branch: str, content_digest: str, technique: str = ""
) -> list[Record]:
    """The records of this content that are believed, sorted by name.

    Args:
      technique: whose claims there must be; any by default.
    """
    paths = reader.list_folder(repository, f"{FOLDER}/{content_digest}", branch)
    return [one.record for one in believed(reader, repository, branch, paths, technique)]


def believed(
    reader: Reader, repository: str, branch: str, paths: Iterable[str], technique: str = ""
) -> list[Believed]:
    """Those of these files that are records which count, sorted by name; see `records_for`."""
    default = reader.default_branch(repository)
    found = []
    for one in _kept(reader, repository, branch, paths):
        if any(technique in {"", each.technique} for each in one.found):
            run = _run(reader, one, default)
            found += [Believed(one, run.updated_at)] if run else []
    return found


def _kept(reader: Reader, repository: str, branch: str, paths: Iterable[str]) -> Iterator[Record]:
    """Those that are what their name says; whatever else lies there is passed over."""
    for path in sorted(paths):
        content = _content(reader, repository, path, branch)
        try:
            found = records.parse(content or b"", Record, PurePath(path))
        except UserError:
            continue
        if found.path == path and found.repository.lower() == repository.lower():
            yield found


def ran(reader: Reader, address: str, repository: str, default_branch: str) -> WorkflowRun | None:
    """The default branch's run that an address is of, as GitHub tells; None for any other."""
    run_id = underway.run_id(address, repository)
    run = reader.workflow_run(repository, run_id) if run_id is not None else None
    own = (default_branch, repository.lower())
    return run if run and (run.branch, run.head_repository.lower()) == own else None


def _content(reader: Reader, repository: str, path: str, branch: str) -> bytes | None:
    """A file's bytes; None for what is no file of a record's size, which somebody put there."""
    try:
        return reader.read_file(repository, path, branch)
    except UserError as error:
        if error.code != "not-a-file":
            raise  # an answer that is missing could have been a verdict
        return None


def _run(reader: Reader, made: Record, default_branch: str) -> WorkflowRun | None:
    """The run that the record names, where it was of the workflow that tests claims."""
    run = ran(reader, made.run, made.repository, default_branch)
    return run if run and run.workflow == WORKFLOW else None


def _found(plan: Plan, verdict: Verdict) -> Found:
    claim = verdict.claim
    return Found(
        claim=claim.id,
        technique=claim.technique,
        tier=plan.recipes[f"{claim.technique}/{claim.recipe}"].tier,
        status=claim.status,
        headline=claim.headline,
        outcome=verdict.outcome,
        line=verdict.line,
        told=verdict.line.endswith(TOLD),
    )
