"""Whose token acts, and whose policy counts: the default branch's, or a file that somebody gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scene import POLICY, Scene

from convergence.errors import UserError
from release_tools import config
from release_tools.github import GitHub
from release_tools.jobs import connection
from release_tools.sandbox import inprocess

MODELS = "tensorflow/models"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    with inprocess.connected(made.gateway):
        yield made


@pytest.fixture
def github(scene: Scene) -> GitHub:
    token = scene.world.workflow_token(scene.models, contents="read", metadata="read")
    return connection.connect({"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"})


def test_the_default_branchs_policy_counts(scene: Scene, github: GitHub) -> None:
    scene.world.commit(scene.models, "branch", {config.PATH: "[storage]\nhistory = 'mine'\n"}, scene.mona)
    assert connection.policy(github, MODELS, None).repositories.fork == "tensorflow/models-mot"
    assert connection.policy(github, MODELS, None).storage.history == "convergence-history"


def test_a_file_may_be_given(github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(POLICY + "[storage]\nhistory = 'elsewhere'\n")
    assert connection.policy(github, MODELS, tmp_path / "policy.toml").storage.history == "elsewhere"


def test_no_policy_is_said(scene: Scene, github: GitHub) -> None:
    scene.world.commit(scene.models, "master", {config.PATH: None}, scene.mona)
    with pytest.raises(UserError, match="there is no policy; tensorflow/models"):
        connection.policy(github, MODELS, None)


def test_no_token_is_said() -> None:
    with pytest.raises(UserError, match="no-token"):
        connection.connect({})
