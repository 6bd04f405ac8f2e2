"""From a job's words to a report: the verdicts lead, and what was stopped says so."""

from __future__ import annotations

from pathlib import Path

import asked
import pytest
from asked import Asked
from markdown_it import MarkdownIt

from convergence.errors import UserError
from convergence.model import Outcome
from release_tools import report
from release_tools.jobs import judging, scores
from release_tools.report import State, standing

EDGE = 0.9 - 0.0085


@pytest.fixture
def made(tmp_path: Path) -> Asked:
    return Asked(tmp_path / "request", asked.plan())


def told(made: Asked, state: str, head: str = asked.HEAD) -> report.Report:
    found = scores.read(made.scores)
    result = judging.judge(made.subject, found, 1).campaign if found else None
    return standing.report(state, made.plan, head, result, standing.trials(result, found), wave=2)


@pytest.mark.parametrize(
    "state", ["queued", "held", "building", "training", "unbuilt", "infrastructure", "cancelled"]
)
def test_before_anything_is_judged(made: Asked, state: str) -> None:
    assert told(made, state).state is State[state.upper()]
    assert report.effects(told(made, state))


@pytest.mark.parametrize(
    ("value", "state", "found"),
    [
        (0.9, "judged", State.REPRODUCED),
        (0.8, "judged", State.NOT_REPRODUCED),
        (EDGE, "judged", State.INCONCLUSIVE),
        (EDGE, "training", State.TRAINING),
        (EDGE, "cancelled", State.CANCELLED),
        (EDGE, "infrastructure", State.INFRASTRUCTURE),
        (0.8, "cancelled", State.NOT_REPRODUCED),
        (0.9, "cancelled", State.REPRODUCED),
    ],
)
def test_what_is_decided_stays_decided(made: Asked, value: float, state: str, found: State) -> None:
    made.runs([value])
    assert told(made, state).state is found
    assert report.effects(told(made, state))


def test_the_head_has_moved(made: Asked) -> None:
    made.runs([0.9])
    assert told(made, "judged", head="9" * 40).stale
    assert report.effects(told(made, "judged", head="9" * 40))[1].title.startswith("Of an old commit")


def test_nothing_is_judged_from_nothing(made: Asked) -> None:
    with pytest.raises(UserError, match="no-campaign"):
        told(made, "judged")


def test_a_campaign_of_another_plan(made: Asked, tmp_path: Path) -> None:
    made.runs([0.9])
    result = judging.judge(made.subject, scores.read(made.scores), 1).campaign
    with pytest.raises(UserError, match="other-campaign"):
        standing.report("judged", asked.plan(asked.BASE), asked.HEAD, result, ())


def test_a_trial_that_the_verdicts_rest_on_is_there(made: Asked) -> None:
    made.runs([0.9])
    found = scores.read(made.scores)
    result = judging.judge(made.subject, found, 1).campaign
    assert standing.trials(result, {}) == ()
    assert [one.digest for one in standing.trials(result, found)] == list(result.trials)
    with pytest.raises(UserError, match="no-trial"):
        standing.trials(result, {"0" * 32: made.result(1)})


def test_html_from_a_training_is_text_in_the_comment(made: Asked) -> None:
    evil = "<img src=x onerror=alert(1)> @everyone [x](javascript:y) <!-- release-tools:converge -->"
    made.score(made.result(device=evil, versions={"tensorflow": evil}))
    shown = MarkdownIt().render(report.comment(told(made, "judged")))
    assert "<img" not in shown
    assert "&lt;img" in shown
    assert "<!-- release-tools" not in shown
    assert told(made, "judged").verdicts[0].outcome is Outcome.REPRODUCED
