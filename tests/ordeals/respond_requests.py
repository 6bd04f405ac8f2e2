"""`respond`: a maintainer's /converge is accepted."""

from __future__ import annotations

import json
from pathlib import Path

import ordeal
import pytest
from scene import Scene

from release_tools.commands import respond

BODY = "/converge pruning"


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    return said(folder, BODY)


def said(folder: Path, body: str) -> ordeal.Stage:
    """mona says something on her pull request, and the command answers."""
    folder.mkdir(exist_ok=True)
    scene = Scene(folder)
    scene.write(scene.mona, body, scene.own)
    event = folder / "event.json"
    event.write_text(json.dumps(scene.told[-1]))
    token = scene.world.workflow_token(scene.models, **scene.rights)
    rights = {"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"}

    def run() -> int:
        words = ("--event", event, "--plan-out", scene.plan, "--output", scene.output)
        status = ordeal.invoke(respond.command, *words, **rights)
        assert scene.plan.exists() == (body == BODY)
        return status

    return ordeal.Stage(scene.world, run)
