"""The workflow that shows the steps, as it is: after a comment, with nobody's code but ours."""

from __future__ import annotations

import pytest
from stage import Stage, harness

from release_tools.sandbox.nouns import Label

HARNESS = harness()
POLICY = '[roles]\nofficial = ["mona"]\n[techniques.pruning]\n'


def bodies(stage: Stage, text: str) -> list[str]:
    (issue,) = stage.models.issues.values()
    return [one.body for one in issue.comments if text in one.body]


def test_a_comment_has_the_steps_shown_and_is_answered(stage: Stage) -> None:
    stage.open(POLICY, HARNESS)
    pull = stage.pull(stage.carl, **{"setup.py": "raise SystemExit('run')\n"})
    pull.labels.append(Label(stage.world.ids.next(), "technique:pruning"))
    stage.say(stage.mona, "/home official users ask for it", pull)
    played = stage.play("approvals")
    assert played.results == {"approvals/show": "success"}, played.log
    assert len(bodies(stage, "**This counts**: Official Models: users ask for it")) == 1
    assert len(bodies(stage, "waiting at step 2 of 7 (reproduced by contributor)")) == 1
    assert sorted(one.name for one in pull.labels) == ["mot: reproduced by contributor", "technique:pruning"]
    assert [one.name for one in stage.models.checks.values()] == ["MOT process"]


@pytest.mark.parametrize("body", ["/converge help", "Thank you!"])
def test_what_another_workflow_answers_is_only_shown(stage: Stage, body: str) -> None:
    stage.open(POLICY, HARNESS)
    pull = stage.pull(stage.carl)
    stage.say(stage.mona, body, pull)
    assert stage.play("approvals").results == {"approvals/show": "success"}
    assert len(pull.comments) == 1  # it is about no technique
