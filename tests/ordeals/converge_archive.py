"""`converge-archive`: one record on the history branch, which begins with it."""

from __future__ import annotations

from pathlib import Path

import asked
import ordeal
import pytest
from asked import Asked
from scene import RIGHTS, Scene

from convergence import records
from release_tools.commands import converge_archive
from release_tools.jobs import history, judging, scores
from release_tools.sandbox import runs


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    folder.mkdir(exist_ok=True)
    scene = Scene(folder)
    made = Asked(folder / "request", asked.plan())
    made.runs([0.9])
    judged = judging.judge(made.subject, scores.read(made.scores), 1)
    campaign = made.folder / "campaign.json"
    records.write(campaign, judged.campaign)
    ran = runs.start(scene.world, scene.models, history.WORKFLOW, "issue_comment", scene.mona)
    token = scene.world.workflow_token(scene.models, **(RIGHTS | {"contents": "write"}))

    def run() -> int:
        address = f"https://github.com/{scene.models.full_name}/actions/runs/{ran.id}"
        words = (*made.words, "--campaign", campaign, "--run", address, "--commit", "5" * 40)
        rights = {"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"}
        return ordeal.invoke(converge_archive.command, *words, **rights)

    return ordeal.Stage(scene.world, run)
