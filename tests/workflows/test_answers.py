"""What is only answered, by the workflows as they are: strangers, help, and words that try to become code."""

from __future__ import annotations

import re

import pytest
from stage import Stage, harness

from release_tools import installation, shell
from release_tools.installation import Installation

HARNESS = harness()
INJECTIONS = (
    "/converge $(touch $CANARY)",
    "/converge `touch $CANARY`",
    "/converge '; touch $CANARY; '",
    '/converge "; touch $CANARY; "',
    "/converge ${{ secrets.GITHUB_TOKEN }}",
    "/converge tfmot=$(touch${IFS}$CANARY)",
    "/converge pruning%0Aaccepted=1",
    "/converge @everyone <!-- release-tools:converge --> ![x](y) **b**",
    "::set-output name=accepted::1\n/converge",
    "::add-mask::/converge",
)


def test_a_stranger_is_refused(stage: Stage) -> None:
    stage.open("", HARNESS)
    pull = stage.pull(stage.carl)
    stage.say(stage.stan, f"/converge @{pull.pull.head_sha}", pull)
    played = stage.play()
    assert played.results == {"converge/gate": "success"}
    (said,) = pull.comments[1:]
    assert said.body.startswith("Nothing was started: only who can write to this repository")
    assert not list(stage.folder.glob("artifacts-*"))
    assert not stage.models.checks


def test_help_is_answered_by_the_other_workflow(stage: Stage) -> None:
    stage.open("", HARNESS)
    pull = stage.pull(stage.mona)
    stage.say(stage.mona, "/converge help", pull)
    assert stage.play("converge").results == {"converge/gate": "success"}
    assert len(pull.comments) == 1
    assert stage.play("converge-control").results == {"converge-control/answer": "success"}
    assert len(pull.comments) == 2


def test_other_comments_and_issues_start_nothing(stage: Stage) -> None:
    stage.open("", HARNESS)
    pull = stage.pull(stage.mona)
    stage.say(stage.mona, "Thank you!", pull)
    assert (stage.play("converge").results, stage.play("converge-control").results) == ({}, {})


def test_what_init_writes_calls_ours(stage: Stage) -> None:
    stage.open("", HARNESS)
    tools = stage.world.repository(stage.org, "tools", HARNESS)
    sha, tree = tools.git.resolve("master"), stage.folder / "tools"
    shell.run(["git", "clone", "--quiet", tools.git.folder, tree])
    stage.called[f"{tools.full_name}@{sha}"] = tree
    installed = Installation(stage.models.full_name, "master", tools.full_name, sha, "v1.0.0")
    written = {installation.STUB: installed.filled("mot-converge.yml")}
    stage.world.commit(stage.models, "master", written, stage.mona)
    pull = stage.pull(stage.mona)
    stage.say(stage.mona, "/converge help", pull)
    played = stage.play("mot-converge")
    assert played.results == {
        "converge/converge/gate": "success",
        "control/converge-control/answer": "success",
    }
    assert len(pull.comments) == 2


@pytest.mark.long
@pytest.mark.parametrize("workflow", ["converge", "converge-control"])
@pytest.mark.parametrize("body", INJECTIONS)
def test_words_stay_words(stage: Stage, body: str, workflow: str) -> None:
    canary = stage.folder / "canary"
    stage.environment["CANARY"] = str(canary)
    stage.open("", HARNESS)
    pull = stage.pull(stage.mona, "x;touch${IFS}$CANARY", "$(touch $CANARY) ${{ github.token }}")
    stage.say(stage.mona, body, pull)
    played = stage.play(workflow)
    assert not canary.exists()
    assert set(played.results.values()) <= {"success"}
    assert played.outputs == {}
    for said in pull.comments[1:]:
        assert (said.user.login, "ghs_" in said.body) == ("github-actions[bot]", False)
        assert said.body.count("<!-- release-tools:") == 1
        text = re.sub(r"`[^`]*`", "", re.sub(r"\\.", "", said.body))  # in code it mentions nobody
        assert not re.search(r"@\w", text)
