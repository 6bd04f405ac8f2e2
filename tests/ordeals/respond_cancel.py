"""`respond`: somebody stops a request that is under way: its run ends, its check says so."""

from __future__ import annotations

import json
from pathlib import Path

import ordeal
import pytest
from scene import Scene

from release_tools.commands import respond


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    folder.mkdir(exist_ok=True)
    scene = Scene(folder)
    scene.say(scene.mona, "/converge pruning", scene.own)
    scene.write(scene.mona, "/converge cancel", scene.own)
    event = folder / "cancel.json"
    event.write_text(json.dumps(scene.told[-1]))
    token = scene.world.workflow_token(scene.models, **scene.rights)
    rights = {"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"}
    return ordeal.Stage(scene.world, lambda: ordeal.invoke(respond.command, "--event", event, **rights))
