"""`fork sync` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from town import Town

from release_tools.commands import fork
from release_tools.github import GitHub
from release_tools.sandbox import inprocess
from release_tools.sandbox.nouns import Repository


@pytest.fixture
def mot(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """mot/models, a fork with one commit of ours."""
    world = town.world
    made = world.fork(town.base, world.organization("mot", [town.mona]))
    world.commit(made, "master", {"ours.py": "x = 1\n"}, town.carl, "Ours \x1b[2J")
    folders = {town.base.full_name: town.base.git.folder, made.full_name: made.git.folder}
    monkeypatch.setattr(GitHub, "clone_address", lambda _, name: str(folders[name]))
    monkeypatch.setenv("GITHUB_TOKEN", world.token(town.mona))
    with inprocess.connected(town.gateway):
        yield made


def call(*words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(fork.command, ["sync", "--repo", "mot/models", *words], catch_exceptions=False)
    return ran.exit_code, ran.output


def test_it_says_what_moved_and_what_is_kept(town: Town, mot: Repository) -> None:
    before = mot.git.resolve("master")
    tip = town.world.commit(town.base, "master", {"new.py": "y = 1\n"}, town.mona)
    status, said = call("--dry-run")
    assert (status, said.splitlines()[0]) == (0, f"kept      {before[:12]} Ours \\x1b[2J")
    assert f"would move master on tensorflow/models@{tip[:12]}: {before[:12]} → " in said
    assert mot.git.resolve("master") == before
    assert call() == (0, said.replace("would move", "moved"))
    assert call()[1].splitlines()[-1] == f"as before: master on tensorflow/models@{tip[:12]}"


def test_a_conflict_is_listed_and_the_exit_status_is_1(town: Town, mot: Repository) -> None:
    before = mot.git.resolve("master")
    tip = town.world.commit(town.base, "master", {"ours.py": "theirs = 1\n"}, town.mona)
    status, said = call()
    assert status == 1
    assert said.splitlines() == [
        f"conflict  {before[:12]} Ours \\x1b[2J: ours.py",
        f"refused: ours do not go onto tensorflow/models@{tip[:12]}; nothing was pushed; "
        "rebase the branch by hand, and push it",
    ]
    assert mot.git.resolve("master") == before


def test_json_tells_all_of_it(town: Town, mot: Repository) -> None:
    said = json.loads(call("--json", "--dry-run")[1])
    assert (said["schema"], said["state"]) == ("tfmot-release-tools/Sync", "as before")
    assert said["kept"] == [{"sha": mot.git.resolve("master"), "subject": "Ours \x1b[2J"}]


def test_help_has_an_example() -> None:
    assert "fork sync --repo ORG/models" in CliRunner().invoke(fork.command, ["sync", "--help"]).output


def test_nothing_of_the_clone_is_left(
    town: Town, mot: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(empty))
    call()
    assert list(empty.iterdir()) == []
