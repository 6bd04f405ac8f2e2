"""`release-tools policy`: what a workflow's later jobs need of the policy."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from scene import Scene

from release_tools.commands.policy import command
from release_tools.sandbox import inprocess


def test_it_is_that_of_the_default_branch(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path)
    mine = '[runners]\ngpu = ["a100"]\nimage = "debian@sha256:00"\n'
    scene.world.commit(scene.models, "master", {".github/release-tools.toml": mine}, scene.mona)
    scene.write(scene.mona, "/converge", scene.own)
    event = tmp_path / "event.json"
    event.write_text(json.dumps(scene.told[-1]))
    monkeypatch.setenv("GITHUB_TOKEN", scene.world.workflow_token(scene.models, contents="read"))
    with inprocess.connected(scene.gateway):
        words = ["--event", str(event), "--output", str(tmp_path / "output")]
        result = CliRunner().invoke(command, words, catch_exceptions=False)
    said = (
        'hosted=["ubuntu-24.04"]\ngpu=["a100"]\n'
        "data=/data\ncheckpoints=/checkpoints\nimage=debian@sha256:00\n"
    )
    assert (result.exit_code, result.output, (tmp_path / "output").read_text()) == (0, said, said)
