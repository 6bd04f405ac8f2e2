"""The plan as its maintainer reads it, and the texts on GitHub, are golden files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from planned import GATES, PLAN

from convergence import records
from release_tools.release import printed
from release_tools.release.nouns import ReleasePlan


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("release_plan.txt", printed.plan(PLAN)),
        (
            "release_plan_landed.txt",
            printed.plan(
                replace(PLAN, files=(), diff="", gates=GATES[:2], bumps=(), findings=(), credits=())
            ),
        ),
        ("release_proposal.md", printed.proposal(PLAN)),
        ("release_announcement.md", printed.announcement(PLAN, "f" * 40, "9" * 64, GATES)),
    ],
)
def test_what_people_read(goldens: Path, name: str, text: str) -> None:
    assert text == (goldens / name).read_text(encoding="utf-8")


def test_a_plan_is_a_record(tmp_path: Path) -> None:
    records.write(tmp_path / "plan.json", PLAN)
    assert records.read(tmp_path / "plan.json", ReleasePlan) == PLAN


def test_only_the_gates_that_stop_it_refuse() -> None:
    assert [one.gate for one in PLAN.refused_by] == ["steps"]


@pytest.mark.parametrize(("release", "stable"), [("0.8.2", True), ("0.8.2rc0", False)])
def test_a_candidate_is_not_stable(release: str, stable: bool) -> None:
    assert replace(PLAN, release=release).stable is stable
