"""Which runs are needed, which results count, and what is never a pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asked
import pytest
from asked import HEALTHY, Asked

from convergence.errors import UserError
from convergence.model import Claim, Kind, Outcome, Recipe
from convergence.results import ErrorKind, Evaluation, TrialError
from release_tools.jobs import judging, scores, waves
from release_tools.jobs.judging import Judged

EDGE = 0.9 - 0.0085  # between the lines after one run
GOOD, BAD = 0.9, 0.8


@pytest.fixture
def made(tmp_path: Path) -> Asked:
    return Asked(tmp_path / "request", asked.plan())


def judge(made: Asked, wave: int = 1) -> Judged:
    return judging.judge(made.subject, scores.read(made.scores), wave)


def needed(made: Asked) -> list[int]:
    standing = judging.standing(made.subject, scores.read(made.scores))
    return [run.index for run in standing.missing]


def outcomes(judged: Judged) -> dict[str, Outcome]:
    return {verdict.claim.name: verdict.outcome for verdict in judged.campaign.verdicts}


def test_first_the_first_look(made: Asked) -> None:
    standing = judging.standing(made.subject, {})
    run = made.chain()[-1]
    assert standing.matrix() == [
        {"job": f"pruning-tiny-0-{run.digest[:8]}", "recipe": "pruning/tiny", "index": 0}
    ]


def another(name: str, **changes: Any) -> Recipe:
    claims = tuple(replace(claim, recipe=name) for claim in asked.TINY.claims)
    return replace(asked.TINY, name=name, claims=claims, **changes)


def order(tmp_path: Path, *recipes: Recipe) -> list[str]:
    standing = judging.standing(Asked(tmp_path / "request", asked.plan(*recipes)).subject, {})
    return [str(job["recipe"]) for job in standing.matrix()]


def test_the_longest_runs_begin_first(tmp_path: Path) -> None:
    short, long = (another(name, start="", cost=cost) for name, cost in (("a", 1), ("b", 2)))
    assert order(tmp_path, short, long) == ["pruning/b", "pruning/a"]


def test_what_would_wait_for_anothers_start_begins_last(tmp_path: Path) -> None:
    short = another("a", start="", cost=1)
    sharing = [another(name, cost=2) for name in ("b", "c")]
    assert order(tmp_path, short, *sharing) == ["pruning/b", "pruning/a", "pruning/c"]


def test_a_good_run_decides(made: Asked) -> None:
    made.runs([GOOD])
    judged = judge(made)
    assert (judged.decided, judged.outcome) == (True, Outcome.REPRODUCED)
    assert needed(made) == []


def test_a_bad_run_decides(made: Asked) -> None:
    made.runs([BAD])
    judged = judge(made)
    assert (judged.decided, judged.outcome) == (True, Outcome.NOT_REPRODUCED)


def test_between_the_lines_another_wave_is_needed(made: Asked) -> None:
    made.runs([EDGE])
    judged = judge(made)
    assert (judged.decided, judged.outcome, needed(made)) == (False, Outcome.INCONCLUSIVE, [1, 2])
    made.runs([EDGE, GOOD, GOOD])
    judged = judge(made, wave=2)
    assert (judged.decided, judged.outcome, needed(made)) == (True, Outcome.REPRODUCED, [])


def test_extra_seeds_are_asked_for_at_once_and_every_one_must_hold(tmp_path: Path) -> None:
    made = Asked(tmp_path / "request", asked.plan(seeds_extra=2))
    assert needed(made) == [0, 1, 2]
    made.runs([GOOD])
    assert needed(made) == [1, 2]
    judged = judge(made)
    assert (judged.decided, set(outcomes(judged).values())) == (False, {Outcome.INFRASTRUCTURE})
    assert judged.campaign.infrastructure_failures == 2
    made.runs([GOOD, GOOD, GOOD])
    assert judge(made).decided
    made.score(made.result(2, HEALTHY | {"sparsity": 0.1}))
    assert outcomes(judge(made)) == {"accuracy": Outcome.REPRODUCED, "sparsity": Outcome.NOT_REPRODUCED}


def test_a_run_that_no_machine_brought_is_no_pass(made: Asked) -> None:
    judged = judge(made)
    assert (judged.decided, judged.outcome) == (False, Outcome.INFRASTRUCTURE)
    assert judged.campaign.infrastructure_failures == 1
    assert waves.LOST in judged.campaign.verdicts[0].line
    assert needed(made) == [0]


def test_of_a_look_no_run_may_be_missing(made: Asked) -> None:
    made.runs([EDGE, None, GOOD])
    judged = judge(made, wave=2)
    assert (judged.decided, judged.outcome, needed(made)) == (False, Outcome.INFRASTRUCTURE, [1])
    made.runs([EDGE, GOOD, GOOD])
    assert judge(made, wave=3).outcome is Outcome.REPRODUCED


def test_what_comes_in_a_later_wave_is_not_lost(made: Asked) -> None:
    made.runs([EDGE])
    assert judge(made, wave=1).campaign.infrastructure_failures == 0


def test_a_start_that_failed_fails_the_run(made: Asked) -> None:
    made.score(asked.crashed(made.chain()[0]))
    judged = judge(made)
    assert (judged.decided, judged.outcome) == (True, Outcome.NOT_REPRODUCED)
    assert "ValueError: no" in judged.campaign.verdicts[0].line


def test_an_extra_seed_is_refused(made: Asked) -> None:
    made.runs([GOOD, GOOD])
    made.score(made.result(7))
    with pytest.raises(UserError, match="extra-result"):
        judge(made)


def test_another_plans_result_is_refused(made: Asked, tmp_path: Path) -> None:
    other = Asked(tmp_path / "other", asked.plan(harness="0" * 32))
    made.score(other.result())
    with pytest.raises(UserError, match="extra-result"):
        judge(made)


def test_more_than_a_matrix_holds_comes_later(tmp_path: Path) -> None:
    made = Asked(tmp_path / "request", asked.plan(seeds_extra=300))
    standing = judging.standing(made.subject, {})
    assert (len(standing.missing), len(standing.matrix())) == (301, waves.MOST_JOBS)
    assert len({job["job"] for job in standing.matrix()}) == waves.MOST_JOBS


def test_a_metric_that_no_file_shows_is_marked(made: Asked) -> None:
    made.score(made.result(told=("tflite_float_accuracy", "accuracy")))
    lines = {verdict.claim.name: verdict.line for verdict in judge(made).campaign.verdicts}
    assert lines["accuracy"].endswith(f"; {judging.TOLD}")
    assert judging.TOLD not in lines["sparsity"]


def test_so_is_a_baseline(tmp_path: Path) -> None:
    gained = replace(asked.ACCURACY, name="gained", kind=Kind.PAIRED, baseline="accuracy", target=0.0)
    gained = replace(gained, references=tuple(value - 0.9 for value in asked.ACCURACY.references))
    made = Asked(tmp_path / "request", asked.plan(replace(asked.TINY, claims=(gained,))))
    metrics = HEALTHY | {"baseline.accuracy": 0.9}
    made.score(made.result(metrics=metrics, told=("baseline.accuracy",)))
    assert judge(made).campaign.verdicts[0].line.endswith(judging.TOLD)


def test_versions_are_those_that_trained(made: Asked) -> None:
    made.score(made.result(versions={"tensorflow": "2.20.0"}))
    judged = judge(made)
    assert judged.campaign.plan.versions == {"tensorflow": "2.20.0"}
    judging.require_of_plan(judged.campaign, made.subject.campaign())


def test_a_campaign_of_another_plan_is_refused(made: Asked) -> None:
    made.runs([GOOD])
    result = judge(made).campaign
    for changed in (
        replace(result, plan=replace(result.plan, content_digest="0")),
        replace(result, plan=replace(result.plan, looks=(1,))),
        replace(result, verdicts=result.verdicts[:1]),
    ):
        with pytest.raises(UserError, match="other-campaign"):
            judging.require_of_plan(changed, made.subject.campaign())


CHANGES: dict[str, dict[str, Any]] = {
    "seed": {"seed": 1},
    "technique": {"technique": "quantization"},
    "recipe": {"recipe": "other"},
    "tier": {"tier": "full"},
    "threads": {"threads": 64},
    "content": {"content_digest": "0" * 64},
    "an excuse": {"error": TrialError(ErrorKind.INFRASTRUCTURE, "worker lost"), "metrics": {}},
    "a name": {"metrics": HEALTHY | {"<img src=x>": 1.0}},
    "a line end": {"metrics": HEALTHY | {"x\n::set-output": 1.0}},
    "a layer's name": {"layers": {"conv": {"`a`": 1.0}}},
    "names": {"metrics": HEALTHY | {f"m{number}": 0.0 for number in range(300)}},
    "a long text": {"device": "x" * 10_000},
    "an order": {"curve": (Evaluation(2, {}), Evaluation(1, {}))},
    "a step": {"curve": (Evaluation(-1, {}),)},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_result_says_what_its_trial_is(made: Asked, name: str) -> None:
    made.score(made.result(**CHANGES[name]))
    with pytest.raises(UserError, match="bad-artifact"):
        judge(made)


def raw(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        data = json.loads(text)
        change(data)
        return json.dumps(data)

    return changed


@pytest.mark.parametrize(
    "change",
    [
        raw(lambda data: data.update(version=2)),
        raw(lambda data: data.update(schema="tfmot-release-tools/Training")),
        raw(lambda data: data.update(more=1)),
        raw(lambda data: data["metrics"].update(sparsity=float("nan"))),
        raw(lambda data: data["metrics"].update(sparsity=float("inf"))),
        raw(lambda data: data["metrics"].update(sparsity="0.5")),
        raw(lambda data: data["metrics"].update(sparsity=True)),
        raw(lambda data: data["metrics"].update(sparsity=None)),
        lambda text: text.replace('"sparsity": 0.5', '"sparsity": 1e999'),
        lambda text: text.replace('"sparsity": 0.5', '"sparsity": 0.5, "sparsity": NaN'),
        lambda text: text[:-20],
        lambda text: "[" * 100_000,
        lambda text: "",
    ],
)
def test_a_result_is_json_of_its_schema(made: Asked, change: Callable[[str], str]) -> None:
    made.runs([GOOD])
    path = next(made.scores.iterdir())
    path.write_text(change(path.read_text()))
    with pytest.raises(UserError, match="not-a-record"):
        judge(made)


def test_a_result_under_anothers_name(made: Asked) -> None:
    made.runs([GOOD])
    path = next(made.scores.iterdir())
    path.rename(path.with_name(f"{made.chain(1)[-1].digest}.json"))
    with pytest.raises(UserError, match="is the result of another trial"):
        judge(made)


def test_of_a_shared_start_the_first_counts(made: Asked) -> None:
    from convergence import records

    start = made.chain()[0]
    for job, device in (("job-a", "CPU a"), ("job-b", "CPU b")):
        records.write(made.scores / job / f"{start.digest}.json", start.result(device=device))
    assert scores.read(made.scores)[start.digest].device == "CPU a"


def test_html_in_strings_is_kept_as_text(made: Asked) -> None:
    made.score(made.result(device="<img src=x onerror=alert(1)> @everyone"))
    assert judge(made).outcome is Outcome.REPRODUCED


def test_a_claim_without_references_waits_for_five(tmp_path: Path) -> None:
    unknown: Claim = replace(asked.ACCURACY, references=())
    made = Asked(tmp_path / "request", asked.plan(replace(asked.TINY, claims=(unknown,))))
    made.runs([GOOD])
    assert needed(made) == [1, 2, 3, 4]


def test_recipes_without_claims_are_not_trained_for_themselves(made: Asked) -> None:
    with pytest.raises(UserError, match='the plan judges no "uncompressed/tiny"; known: pruning/tiny'):
        waves.run(made.subject, "uncompressed/tiny", 0)
