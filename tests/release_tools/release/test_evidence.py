"""Which facts the gates get: only what was shown at the tier that counts, for this content, and believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from convergence import records
from convergence.model import Outcome, Status
from release_tools.gates import CheckFact, ClaimFact, Facts, Published, StepsFact
from release_tools.jobs.history import WORKFLOW, Found, Record
from release_tools.model import Check, WorkflowRun
from release_tools.plan import Commit
from release_tools.policy import Converge, Policy, Technique
from release_tools.release import evidence

DIGEST, CLAIM = "c" * 64, "pruning/mobilenetv2/accuracy"
RUN = "https://github.com/tensorflow/models/actions/runs/7"
FOUND = Found(CLAIM, "pruning", "full", Status.ACCEPTED, True, Outcome.REPRODUCED, "a line", False)
COMMIT = Commit("tensorflow/models", "a" * 40)
RECORD = Record(
    request_id="r", repository="tensorflow/models", pull_request=3, requested_by="mona", head_sha="a" * 40,
    tfmot=COMMIT, models=COMMIT, content_digest=DIGEST, wheel_sha256="d" * 64, harness="h",
    harness_commit="e" * 40, found=(FOUND,), trials=(), infrastructure_failures=0,
    versions={"tensorflow": "2.20.0"}, run=RUN,
)  # fmt: skip
POLICY = Policy(techniques={"pruning": Technique(headline=(CLAIM,))}, checks=("kokoro",))
SUBJECT = evidence.Subject(
    "0.8.2",
    "tensorflow/model-optimization",
    "src",
    "b" * 40,
    Path("w.whl"),
    "d" * 64,
    DIGEST,
    "Notes.",
    "f" * 40,
)


@dataclass
class Hub:
    """GitHub as far as it is asked here."""

    kept: list[Record] = field(default_factory=list)
    branch: str = "master"
    found: tuple[Check, ...] = ()

    def list_folder(self, repository: str, path: str, ref: str) -> tuple[str, ...]:
        return tuple(self._files(repository, ref))

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        return self._files(repository, ref).get(path)

    def workflow_run(self, repository: str, run_id: int) -> WorkflowRun | None:
        return WorkflowRun(run_id, WORKFLOW, "issue_comment", self.branch, "a" * 40, repository)

    def default_branch(self, repository: str) -> str:
        return "master"

    def checks(self, repository: str, sha: str) -> tuple[Check, ...]:
        return tuple(one for one in self.found if one.sha == sha)

    def _files(self, repository: str, ref: str) -> Mapping[str, bytes]:
        assert ref == "convergence-history"
        return {one.path: records.text(one).encode() for one in self.kept if one.repository == repository}


def known(**more: object) -> evidence.Known:
    given = {
        "approvals": lambda _, __: None,
        "doctor": lambda *_: None,
        "published": lambda _: Published(None),
    }
    return evidence.Known(**(given | more))  # type: ignore[arg-type]


def read(hub: Hub, policy: Policy = POLICY) -> Facts:
    return evidence.read(SUBJECT, policy, {}, hub, known())


def claims(*kept: Record, branch: str = "master") -> tuple[ClaimFact, ...]:
    return read(Hub(list(kept), branch)).claims


def test_what_was_reproduced_is_found() -> None:
    assert claims(RECORD) == (ClaimFact("pruning", CLAIM, ((Outcome.REPRODUCED, RUN),)),)


def test_wherever_it_was_tested() -> None:
    run = RUN.replace("models", "model-optimization")
    other = replace(RECORD, repository="tensorflow/model-optimization", run=run)
    assert claims(other)[0].outcomes == ((Outcome.REPRODUCED, run),)


@pytest.mark.parametrize(
    "found",
    [
        replace(FOUND, tier="smoke"),
        replace(FOUND, status=Status.PROPOSED),
        replace(FOUND, told=True),
        replace(FOUND, outcome=Outcome.INCONCLUSIVE),
        replace(FOUND, claim="pruning/mobilenetv2/size"),
    ],
)
def test_nothing_less_counts(found: Found) -> None:
    assert claims(replace(RECORD, found=(found,))) == (ClaimFact("pruning", CLAIM),)


def test_in_a_rehearsal_the_smoke_tier_counts_and_the_full_one_does_not() -> None:
    policy = replace(POLICY, converge=Converge(evidence_tier="smoke"))
    smoke = replace(RECORD, request_id="s", found=(replace(FOUND, tier="smoke"),))
    found = read(Hub([RECORD, smoke]), policy)
    assert (found.tier, [len(one.outcomes) for one in found.claims]) == ("smoke", [1])
    assert read(Hub([smoke])).tier == "full"


@pytest.mark.parametrize(
    ("kept", "branch"), [(replace(RECORD, content_digest="0" * 64), "master"), (RECORD, "mine")]
)
def test_other_content_and_others_runs_do_not_count(kept: Record, branch: str) -> None:
    """The file's folder is that of its content; one that lies elsewhere is not asked for."""
    hub = Hub([kept], branch)
    hub_files = hub._files("tensorflow/models", "convergence-history")
    assert all(DIGEST in path for path in hub_files) == (kept is RECORD)
    found = [one for one in claims(kept, branch=branch)[0].outcomes if kept is RECORD]
    assert found == []


def test_what_was_not_reproduced_is_not_forgotten() -> None:
    failed = replace(RECORD, request_id="s", found=(replace(FOUND, outcome=Outcome.NOT_REPRODUCED),))
    outcomes = {outcome for outcome, _ in claims(RECORD, failed)[0].outcomes}
    assert outcomes == {Outcome.REPRODUCED, Outcome.NOT_REPRODUCED}


def test_a_technique_without_a_full_claim_has_one_that_nobody_reproduced() -> None:
    found = read(Hub(), Policy(techniques={"pruning": Technique()})).claims
    assert found == (ClaimFact("pruning", "pruning: its headline claim"),)


def check(id_: int, conclusion: str, name: str = "kokoro", sha: str = "f" * 40) -> Check:
    return Check(id_, name, sha, "", "completed", conclusion, f"https://github.com/checks/{id_}")


def test_the_latest_check_counts_on_the_commit_that_was_checked() -> None:
    hub = Hub(
        found=(
            check(2, "success"),
            check(1, "failure"),
            check(9, "failure", sha="b" * 40),
            check(3, "failure", "x"),
        )
    )
    assert read(hub).checks == (CheckFact("kokoro", "success", "https://github.com/checks/2"),)


def test_a_check_that_is_not_there_is_not_green() -> None:
    assert read(Hub()).checks == (CheckFact("kokoro", ""),)


def test_nobody_knows_nothing() -> None:
    found = read(Hub())
    assert (found.steps, found.doctor, found.published) == (
        (StepsFact("pruning", None),),
        None,
        Published(None),
    )
