"""A pull request's example: its changed files at its head, and what it claims."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town

from convergence.errors import UserError
from release_tools import config
from release_tools.bump import checkout
from release_tools.github import GitHub
from release_tools.sandbox import inprocess, pulls
from release_tools.standards import submitted
from release_tools.standards.example import Example

FILES: dict[str, str | bytes | None] = {
    "official/projects/mot/a.py": "x = 1\n",
    "convergence/claims/mine.toml": "[[recipes]]\n",
    "README.md": None,
}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("tensorflow/models#12", ("tensorflow/models", 12)),
        ("https://github.com/tensorflow/models/pull/12", ("tensorflow/models", 12)),
        ("https://github.com/tensorflow/models/pull/12/files", ("tensorflow/models", 12)),
        ("official/projects/qat", None),
        ("tensorflow/models", None),
        ("tensorflow/models#0", None),
        ("tensorflow/..#1", None),
        ("#12", None),
    ],
)
def test_a_pull_request_is_named_as_people_do(said: str, found: tuple[str, int] | None) -> None:
    assert submitted.named(said) == found


@pytest.fixture
def stage(town: Town) -> Iterator[Town]:
    town.world.commit(
        town.base, "master", {"official/__init__.py": "", "official/projects/old.py": ""}, town.mona
    )
    town.world.commit(town.fork, "topic", FILES, town.carl, start="master")
    with inprocess.connected(town.gateway):
        yield town


def read(town: Town, folder: Path, *, body: str = "Please.", late: bool = False) -> Example:
    issue = pulls.open_pull(town.world, town.base, town.carl, "Add it", "carl:topic", "master", body)
    github = GitHub(town.world.token(town.mona), wait=lambda _: None)

    def fetch(address: str, ref: str, where: Path) -> str:
        if late:
            town.world.commit(town.fork, "topic", {"late.py": ""}, town.carl)
        return checkout.fetch(str(town.base.git.folder), ref, where)

    folder.mkdir()
    made = submitted.ask(town.base.full_name, issue.number, github)
    submitted.fetch(made, github, fetch, folder)
    return submitted.read(made, folder, {})


def test_only_what_it_changes_is_read(stage: Town, tmp_path: Path) -> None:
    found = read(stage, tmp_path / "x")
    assert [one.name for one in found.modules] == ["official.projects.mot.a"]
    assert found.label.startswith("tensorflow/models#")
    assert [one.origin for one in found.stated.files] == ["convergence/claims/mine.toml"]
    assert found.stated.body == "Please."


def test_where_claims_are_is_for_the_default_branch_to_say(stage: Town, tmp_path: Path) -> None:
    stage.world.commit(stage.base, "master", {config.PATH: '[storage]\nclaims = "elsewhere"\n'}, stage.mona)
    assert read(stage, tmp_path / "x").stated.files == ()


def test_more_files_than_github_names_are_refused(
    stage: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitted, "MOST_CHANGED", 3)
    with pytest.raises(UserError, match=r"error\[too-large\]: it changes 3 files or more"):
        read(stage, tmp_path / "x")


def test_who_pushes_meanwhile_is_told(stage: Town, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"error\[moved-meanwhile\]"):
        read(stage, tmp_path / "x", late=True)
