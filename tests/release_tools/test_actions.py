"""What a step hands to later ones: fixed keys; digits, and names of a known shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import actions
from release_tools.plan import Commit, Hold, Plan
from release_tools.policy import Policy

PLAN = Plan(
    request_id="0123456789abcdef",
    comment_id=7,
    requested_by="$(whoami)",
    repository="o/r\nx=1",
    pull_request=3,
    head_sha="a" * 40,
    tfmot=Commit("o/t", "b" * 40),
    models=Commit("o/m", "c" * 40),
    techniques=("pruning",),
    tier="smoke",
    recipes={},
    looks=(1,),
    seeds_extra=0,
    harness="h",
    costs={"GPU-hours": 1.2},
    hold=(Hold.FORK,),
)


def test_later_jobs_see_digits_and_repositories(tmp_path: Path) -> None:
    actions.write(tmp_path / "output", actions.outputs(PLAN))
    assert (tmp_path / "output").read_text() == (
        "accepted=1\nhold=1\nrequest-id=0123456789abcdef\npull-request=3\n"
        f"head-sha={'a' * 40}\ntfmot-repository=o/t\ntfmot-sha={'b' * 40}\n"
        f"models-repository=o/m\nmodels-sha={'c' * 40}\ngpu-hours=2\n"
    )


def test_later_jobs_see_the_machines_of_the_policy(tmp_path: Path) -> None:
    actions.write(tmp_path / "output", actions.machines(Policy()))
    assert (tmp_path / "output").read_text() == (
        'hosted=["ubuntu-24.04"]\ngpu=["self-hosted","gpu"]\n'
        "data=/data\ncheckpoints=/checkpoints\nimage=buildpack-deps:24.04\n"
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tfmot-repository", "o/r;x"),
        ("models-repository", "o/r\nx=1"),
        ("gpu", '["a", "b"]'),
        ("gpu", '["${{ secrets.X }}"]'),
        ("hosted", "[]"),
        ("data", "/d $(x)"),
        ("image", "--privileged"),
    ],
)
def test_what_has_another_shape_is_never_written(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{key} is no output"):
        actions.write(tmp_path / "output", {key: value})


@pytest.mark.parametrize("value", ["", "a\nb=1", "$(x)", "A", "1\n", "é", "-1"])
def test_what_is_more_is_never_written(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match="head-sha is no output"):
        actions.write(tmp_path / "output", {"hold": "1", "head-sha": value})
    assert not (tmp_path / "output").exists()


def test_a_folder_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not-writable"):
        actions.write(tmp_path, {"hold": "1"})
