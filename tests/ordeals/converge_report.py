"""`converge-report`: the one comment and the check of a request that was judged."""

from __future__ import annotations

from pathlib import Path

import asked
import ordeal
import pytest
from asked import Asked
from scene import RIGHTS, Scene

from convergence import records
from release_tools.commands import converge_report
from release_tools.jobs import judging, scores


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    folder.mkdir(exist_ok=True)
    scene = Scene(folder)
    scene.say(scene.mona, "/converge pruning", scene.own)
    assert scene.own.pull
    made = Asked(
        folder / "request", asked.plan(pull_request=scene.own.number, head_sha=scene.own.pull.head_sha)
    )
    made.runs([0.9])
    judged = judging.judge(made.subject, scores.read(made.scores), 1)
    campaign = made.folder / "campaign.json"
    records.write(campaign, judged.campaign)
    token = scene.world.workflow_token(scene.models, **RIGHTS)

    def run() -> int:
        words = (made.words[0], "--state", "judged", "--campaign", campaign, "--scores", made.scores)
        rights = {"GITHUB_TOKEN": token, "GITHUB_LOGIN": "github-actions[bot]"}
        return ordeal.invoke(converge_report.command, *words, **rights)

    return ordeal.Stage(scene.world, run)
