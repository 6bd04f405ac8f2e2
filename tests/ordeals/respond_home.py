"""`respond`: Official Models decides on a technique's home."""

from __future__ import annotations

import json
from pathlib import Path

import ordeal
import pytest
from town import Town
from walk import RIGHTS, Walk

from release_tools.commands import respond
from release_tools.sandbox import comments
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import World


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    folder.mkdir(exist_ok=True)
    world = World(folder / "github")
    walk = Walk(Town(world, Gateway(world)), folder, "official", "full")
    comments.write(world, walk.base, walk.issue, walk.olga, "/home official users ask for it")
    world.events.deliver()
    event = folder / "event.json"
    event.write_text(json.dumps(walk.told[-1]))
    token = world.app_token(walk.us, [walk.base], **RIGHTS)  # GitHub itself is asked whose it is
    words = ("--event", event)
    return ordeal.Stage(world, lambda: ordeal.invoke(respond.command, *words, GITHUB_TOKEN=token))
