"""Reports on the history branch: kept once, and believed where our own workflow made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from town import Town

from release_tools.github import GitHub
from release_tools.sandbox import inprocess, runs
from release_tools.standards import kept
from release_tools.standards.kept import Kept
from release_tools.standards.nouns import Judged, Report, Standing

BRANCH, WORKFLOW = "convergence-history", ".github/workflows/approvals.yml"
OTHER = ".github/workflows/mine.yml"
SHA = "c0de" * 10
REPORT = Report("tensorflow/models#7", SHA, 2, 2, "apart", (Judged("lazy", "It is.", Standing.PASSED),), ())


@dataclass
class Stage:
    town: Town
    hub: GitHub

    def run(self, path: str = WORKFLOW, **changes: str) -> str:
        """Address of a run of a workflow on the default branch."""
        made = runs.start(self.town.world, self.town.base, path, "issue_comment", self.town.mona)
        for name, value in changes.items():
            setattr(made, name, value)
        return f"https://github.com/tensorflow/models/actions/runs/{made.id}"

    def keep(self, run: str, report: Report = REPORT) -> None:
        self.hub.perform(kept.keep(Kept(report, run), "tensorflow/models", BRANCH))

    def believed(self, pull_request: str = REPORT.example, sha: str = SHA) -> list[Report]:
        return kept.of(self.hub, pull_request, BRANCH, sha, {WORKFLOW})


@pytest.fixture
def stage(town: Town) -> Iterator[Stage]:
    town.world.commit(town.base, "master", dict.fromkeys((WORKFLOW, OTHER), "on: issue_comment\n"), town.mona)
    token = town.world.workflow_token(town.base, contents="write", actions="read", metadata="read")
    with inprocess.connected(town.gateway):
        hub = GitHub(token, login="github-actions[bot]", wait=lambda _: None, seconds_between_writes=0)
        yield Stage(town, hub)


def test_one_is_kept_once_and_found(stage: Stage) -> None:
    assert stage.believed() == []
    run = stage.run()
    stage.keep(run)
    head = stage.town.base.git.ref(f"refs/heads/{BRANCH}")
    stage.keep(run)
    assert stage.town.base.git.ref(f"refs/heads/{BRANCH}") == head
    assert stage.believed() == [REPORT]


@pytest.mark.parametrize(
    ("pull_request", "sha"), [("tensorflow/models#8", SHA), (REPORT.example, "1f0c" * 10)]
)
def test_one_of_another_pull_request_or_commit_is_not(stage: Stage, pull_request: str, sha: str) -> None:
    stage.keep(stage.run())
    assert stage.believed(pull_request, sha) == []


@pytest.mark.parametrize("changes", [{"head_branch": "topic"}, {"path": OTHER}, {"none": "x"}])
def test_one_that_no_workflow_of_ours_made_is_not_believed(stage: Stage, changes: dict[str, str]) -> None:
    run = "https://github.com/tensorflow/models/actions/runs/1" if "none" in changes else stage.run(**changes)
    stage.keep(run)
    assert stage.believed() == []


def test_one_that_somebody_put_beside_is_passed_over(stage: Stage) -> None:
    stage.keep(stage.run())
    files = {f"standards/{SHA}/0.json": "{}", f"standards/{SHA}/note.txt": "hello"}
    stage.town.world.commit(stage.town.base, BRANCH, files, stage.town.mona)
    assert stage.believed() == [REPORT]


def test_another_report_has_another_name() -> None:
    assert Kept(REPORT, "a").path != Kept(replace(REPORT, modules=3), "a").path
