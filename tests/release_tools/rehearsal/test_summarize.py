"""What a performance came to is told from what lies in its folders: requests, the release, its audit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import planned
import process
import pytest
from rehearsed import Rehearsed

from convergence import records
from convergence.campaign import CampaignResult
from release_tools.rehearsal import script, summarize
from release_tools.rehearsal.performance import Performance
from release_tools.rehearsal.summary import Act, Followed, Line, Summary
from release_tools.release import audit
from release_tools.sandbox import campaigns

PLAY = script.Play("x", "A play", "As it should", ())
STATE = process.approved().state()


@pytest.fixture
def stage(begun: Rehearsed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Carl's pull request is open; nothing was judged, and nothing released."""
    release = tmp_path / "people" / "mona" / f"release-{planned.PLAN.release}"
    index = tmp_path / "index"
    index.mkdir()

    def wheel(path: Path) -> Any:
        return SimpleNamespace(version=path.name.split("-")[1], sha256=f"sha of {path.name}")

    monkeypatch.setattr(summarize.wheelfile, "read", wheel)
    return SimpleNamespace(
        world=begun.world, models=begun.models, tfmot=begun.tfmot, people={"carl": begun.carl},
        folder=tmp_path, facts={"version": planned.PLAN.release}, trains=True,
        index=SimpleNamespace(folder=index), at=lambda who: release.parent, release=release,
        states=lambda number: (replace(STATE, pull_request=number),),
    )  # fmt: skip


def told(stage: Any, *acts: Act) -> Any:
    return summarize.summarize(Performance(stage, PLAY, SimpleNamespace(), list(acts)))  # type: ignore[arg-type]


def judge(folder: Path, shown: campaigns.Shown) -> CampaignResult:
    """A request's folder, as its jobs leave it."""
    trials = [replace(one, digest=hashlib.md5(one.digest.encode()).hexdigest()) for one in shown.trials]
    result = replace(shown.result, trials=tuple(one.digest for one in trials))
    records.write(folder / "judged" / "campaign.json", result)
    for one in trials:
        records.write(folder / "scores" / f"{one.digest}.json", one)
    return result


def test_before_anything_happened_there_is_only_the_picture(stage: Any) -> None:
    summary = told(stage)
    nothing = Summary("A play", "As it should", summarize.TIER_NOTE)
    assert replace(summary, portrait=nothing.portrait, steps=nothing.steps) == nothing
    assert [one.name for one in summary.portrait.repositories] == [
        "tensorflow/models", "tensorflow/model-optimization",
    ]  # fmt: skip


def test_a_line_that_failed_is_no_ending_as_it_should_be(stage: Any) -> None:
    act = Act("One", (Line("mona", "", follows=(Followed("x", "y", False),)),))
    summary = told(stage, act)
    assert summary.acts == (act,)
    assert summary.ending != PLAY.ending


@pytest.mark.parametrize("trains", [True, False])
def test_results_that_were_not_trained_are_told_as_such(stage: Any, trains: bool) -> None:
    stage.trains = trains
    note = told(stage).tier_note
    assert note.startswith("A rehearsal: the smoke tier stands for the full one.")
    assert ("Nothing was trained" in note) is not trains


def test_steps_are_those_of_the_contributors_pull_requests(begun: Rehearsed, stage: Any) -> None:
    begun.bump()
    assert len(begun.models.issues) == 2
    assert [one.pull_request for one in told(stage).steps] == [begun.issue.number]


def test_requests_are_numbered_as_they_came_and_have_their_trials(stage: Any) -> None:
    results = {
        number: judge(stage.folder / "runs" / str(number), shown)
        for number, shown in ((10, campaigns.diverged()), (9, campaigns.reproduced()))
    }
    (stage.folder / "runs" / "8" / "scores").mkdir(parents=True)  # it was never judged
    found = told(stage).campaigns
    assert [(one.title, one.result) for one in found] == [
        ("Request 1", results[9]),
        ("Request 2", results[10]),
    ]
    lost, *there = results[9].trials
    assert [one.digest for one in found[0].trials] == [lost, *there]
    (stage.folder / "runs" / "9" / "scores" / f"{lost}.json").unlink()
    assert [one.digest for one in told(stage).campaigns[0].trials] == there


def test_a_release_is_told_with_its_commit_its_wheel_and_the_index(stage: Any) -> None:
    records.write(stage.release / "plan.json", planned.PLAN)
    older = planned.WHEEL.replace("0.8.2", "0.8.1")
    held = told(stage).release
    assert (held.commit, held.wheel_sha256, held.index) == (planned.PLAN.commit, "", ())
    for name in (older, planned.WHEEL):
        (stage.index.folder / name).touch()
    tip = stage.tfmot.git.ref("refs/heads/master")
    stage.tfmot.git.set_ref(f"refs/tags/{planned.PLAN.tag}", tip, "")
    made = told(stage).release
    assert (made.version, made.commit, made.wheel_sha256) == ("0.8.2", tip, f"sha of {planned.WHEEL}")
    assert (made.content_digest, made.notes, made.gates) == ("c" * 64, planned.PLAN.notes, planned.GATES)
    assert made.index == tuple(f"{name}  sha256 sha of {name}" for name in (older, planned.WHEEL))


def test_the_audit_is_told_line_by_line(stage: Any) -> None:
    kept = audit.Audit(stage.release / audit.FILE_NAME, lambda: "mona")
    kept.append("plan", audit.BEGUN)
    kept.append("plan", audit.DONE, "0.8.2")
    assert told(stage).audit == kept.entries


@pytest.mark.parametrize(
    ("met", "says"), [([], ""), (["502", "dropped"], " GitHub was made to fail 2 times.")]
)
def test_faults_that_were_met_are_counted(met: list[str], says: str) -> None:
    assert summarize._faults(met) == says
