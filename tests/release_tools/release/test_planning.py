"""A plan holds everything, is the same when it is made again, and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shipyard import VERSION, Slip

from convergence.errors import UserError
from release_tools import wheel
from release_tools.release import notes
from release_tools.wheel import tfmot


def test_a_plan_is_the_same_again_and_changes_nothing(slip: Slip) -> None:
    git = slip.yard.tfmot.git
    before = git.refs()
    plan = slip.plan()
    assert slip.plan() == plan
    assert (git.refs(), slip.yard.writes()) == (before, [])
    assert git.kind(plan.commit) == ""
    assert [one.path for one in plan.files] == [notes.PATH, tfmot.VERSION_FILE]
    assert (plan.since, plan.credits) == ("v1.2.3", ("Carl Contributor", "mona"))
    assert [(one.repository, one.techniques) for one in plan.bumps] == [("tensorflow/models", ("pruning",))]
    assert [one.gate for one in plan.refused_by] == ["claims", "steps"]


def test_a_candidate_becomes_stable_with_the_same_content(slip: Slip) -> None:
    candidate, stable = slip.plan("1.3.0rc0"), slip.plan("1.3.0")
    assert "1.3.0rc0" in candidate.wheel.name
    assert (candidate.bumps, candidate.stable, stable.stable) == ((), False, True)
    assert candidate.wheel.content_digest == stable.wheel.content_digest
    assert candidate.wheel.sha256 != stable.wheel.sha256
    (version,) = [one.content for one in candidate.files if one.path == tfmot.VERSION_FILE]
    assert "_VERSION_SUFFIX = 'rc0'" in version


def test_a_stable_release_counts_its_changes_from_the_last_stable_one(slip: Slip) -> None:
    git = slip.yard.tfmot.git
    git.set_ref("refs/tags/v1.3.0rc0", git.ref("refs/heads/master"))
    assert slip.plan("1.3.0rc1").since == "v1.3.0rc0"
    assert slip.plan("1.3.0").since == "v1.2.3"


@pytest.mark.parametrize("version", ["1.2.2", "1.2.3rc0"])
def test_a_version_before_the_last_is_refused(slip: Slip, version: str) -> None:
    with pytest.raises(UserError, match=r"error\[not-newer\]: 1\.2\.3 has been released"):
        slip.plan(version)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"RELEASE.md": None}, "not-tfmot"),
        ({"RELEASE.md": "Nothing.\n"}, "no-next-release"),
        ({"RELEASE.md": f"{notes.NEXT}\n\n# {notes.PROJECT} {VERSION}\n\nGood.\n"}, "half-released"),
        ({tfmot.VERSION_FILE: "__version__ = '1.2.3'\n"}, "bad-version"),
    ],
)
def test_a_tree_that_cannot_be_released(slip: Slip, files: dict[str, str | None], code: str) -> None:
    slip.yard.world.commit(slip.yard.tfmot, "master", files, slip.yard.mona)
    with pytest.raises(UserError) as found:
        slip.plan()
    assert found.value.code == code


def test_a_wheel_that_another_job_has_built(slip: Slip, tmp_path: Path) -> None:
    plan = slip.plan()
    source = str(slip.yard.tfmot.git.folder)
    wheel.build(wheel.Request(source, plan.commit, out=tmp_path / "built"))
    assert slip.plan(built=tmp_path / "built") == replace(plan, wheel=replace(plan.wheel))
    wheel.build(wheel.Request(source, "v1.2.3", out=tmp_path / "other", check_imports=False))
    with pytest.raises(UserError, match=r"error\[another-wheel\]"):
        slip.plan(built=tmp_path / "other")
