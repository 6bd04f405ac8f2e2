"""A plan that was edited by hand is none: before anything is done with a path or a tag of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from planned import PLAN, WHEEL
from shipyard import Slip

from convergence import records
from convergence.errors import UserError
from release_tools.release import planfile
from release_tools.release.nouns import PlannedFile, ReleasePlan


def written(folder: Path, plan: ReleasePlan) -> Path:
    records.write(folder / "plan.json", plan)
    return folder / "plan.json"


def test_a_plan_is_read(tmp_path: Path) -> None:
    assert planfile.read(written(tmp_path, PLAN)) == PLAN


def test_what_planning_makes_is_a_plan(slip: Slip) -> None:
    made = slip.plan()
    assert planfile.read(slip.yard.out / "plan.json") == made


@pytest.mark.parametrize(
    ("wrong", "change"),
    [
        ("tag", {"tag": "v0.8.1"}),
        ("repository", {"repository": "tensorflow/model-optimization/../models"}),
        ("base", {"base": "HEAD"}),
        ("commit", {"commit": "--upload-pack=x"}),
        ("tree", {"tree": ""}),
        ("files", {"files": (PlannedFile("../../.bashrc", "x"),)}),
        ("files", {"files": (PlannedFile(".github/workflows/release.yml", "x"),)}),
        ("files", {"files": (PlannedFile("setup.py", "/etc/passwd", "120000"),)}),
        ("wheel.name", {"wheel": replace(PLAN.wheel, name=f"../../{WHEEL}")}),
        ("wheel.name", {"wheel": replace(PLAN.wheel, name=WHEEL.replace("any", "any/../x"))}),
        ("wheel.name", {"wheel": replace(PLAN.wheel, name=WHEEL.replace("0.8.2", "0.8.3"))}),
        ("wheel.name", {"wheel": replace(PLAN.wheel, name="six-0.8.2-py3-none-any.whl")}),
        ("wheel.sha256", {"wheel": replace(PLAN.wheel, sha256="")}),
        ("wheel.content_digest", {"wheel": replace(PLAN.wheel, content_digest="c" * 63)}),
    ],
)
def test_an_edited_one_is_refused(tmp_path: Path, wrong: str, change: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=rf"error\[bad-plan\]: {wrong} is not"):
        planfile.read(written(tmp_path, replace(PLAN, **change)))


def test_so_is_another_version_and_another_schema(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"error\[bad-version\]"):
        planfile.read(written(tmp_path, replace(PLAN, release="1.0")))
    path = written(tmp_path, PLAN)
    plain = json.loads(path.read_text())
    path.write_text(json.dumps(plain | {"version": 2}))
    with pytest.raises(UserError, match=r"error\[not-a-record\]"):
        planfile.read(path)
