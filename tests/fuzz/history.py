"""Files on the history branch, where anybody with a right to write puts what they like."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asked
import damage
import record_rules

from release_tools.jobs import history, judging, scores
from release_tools.jobs.history import Believed, Record
from release_tools.model import WorkflowRun

REPOSITORY, BRANCH, AT = "tensorflow/models", "convergence-history", datetime(2026, 1, 1, tzinfo=UTC)


def _made() -> Record:
    request = asked.Asked(Path(tempfile.mkdtemp()), asked.plan())
    request.score(request.result(0, asked.HEALTHY, told=("sparsity",)))
    judged = judging.judge(request.subject, scores.read(request.scores), 1)
    run = f"https://github.com/{REPOSITORY}/actions/runs/7"
    return history.record(request.plan, judged.campaign, request.subject.sha256, run, "5" * 40)


MADE = _made()
EXAMPLES = (record_rules.text(MADE),)
INPUTS = damage.trees([record_rules.plain(one) for one in EXAMPLES])


@dataclass
class Kept:
    """A branch with one file, under the name of the record that it should be."""

    content: bytes

    def list_folder(self, repository: str, path: str, ref: str) -> tuple[str, ...]:
        return (MADE.path,)

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        return self.content

    def workflow_run(self, repository: str, run_id: int) -> WorkflowRun | None:
        if run_id != 7:
            return None
        return WorkflowRun(7, history.WORKFLOW, "issue_comment", "master", "c" * 40, REPOSITORY, None, AT)

    def default_branch(self, repository: str) -> str:
        return "master"


def read(given: bytes, folder: Path) -> list[Believed]:
    return history.believed(Kept(given), REPOSITORY, BRANCH, (MADE.path,))


def holds(value: list[Believed], given: bytes) -> None:
    """Only the record whose name it is counts, whatever else lies there."""
    assert value in ([], [Believed(MADE, AT)])
