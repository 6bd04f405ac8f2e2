"""Campaigns against workers that only pretend to train: which trials run, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pebble import ProcessExpired

from convergence import campaign, records, trial
from convergence.campaign import Plan
from convergence.errors import UserError
from convergence.model import Claim, Kind, Outcome, Recipe
from convergence.results import ErrorKind, TrialError, TrialResult
from convergence.trial import Trial

ACCURACY = Claim(
    technique="pruning",
    recipe="tiny",
    name="accuracy",
    kind=Kind.AT_LEAST,
    metric="accuracy",
    target=0.9,
    margin=0.02,
    source="a guide",
    measured="ten runs",
    references=(0.9, 0.905, 0.895, 0.9, 0.902, 0.898),
)
SPARSITY = replace(ACCURACY, name="sparsity", kind=Kind.EXACT, metric="sparsity", target=0.5, margin=0.001)
BASE = Recipe(technique="uncompressed", name="base", tier="smoke", experiment="e", module="m")
TINY = Recipe(
    technique="pruning",
    name="tiny",
    tier="smoke",
    experiment="e",
    module="m",
    start="uncompressed/base",
    claims=(ACCURACY, SPARSITY),
)
HEALTHY = {"accuracy": 0.9, "sparsity": 0.5}


def plan(*recipes: Recipe, looks: tuple[int, ...] | None = None) -> Plan:
    return Plan(
        recipes={recipe.id: recipe for recipe in (BASE, *(recipes or (TINY,)))},
        content_digest="c",
        harness="h",
        versions={"tensorflow": "2.20.0"},
        seeds_from="c",
        looks=looks,
    )


class Trainers:
    """Stand-in for worker processes: answers each trial at once and remembers what it was asked."""

    def __init__(self, store: Path, answer: Callable[[Trial, int], TrialResult | BaseException]) -> None:
        self.asked: list[tuple[str, int]] = []
        self._store, self._answer = store, answer

    def submit(self, asked: Trial) -> Future[TrialResult]:
        self.asked.append((asked.recipe.name, asked.seed))
        answer = self._answer(asked, len(self.asked))
        future: Future[TrialResult] = Future()
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            records.write(trial.result_path(self._store, asked.digest), answer)
            future.set_result(answer)
        return future


def result(asked: Trial, metrics: dict[str, float], error: TrialError | None = None) -> TrialResult:
    return asked.result(error=error) if error else asked.result(metrics=metrics, device="CPU")


def run(
    store: Path, answer: Callable[[Trial, int], TrialResult | BaseException], made: Plan | None = None
) -> tuple[campaign.CampaignResult, Trainers]:
    trainers = Trainers(store, answer)
    return campaign.run(made or plan(), store, trainers.submit, lambda *_: None), trainers


def always(metrics: dict[str, float]) -> Callable[[Trial, int], TrialResult]:
    return lambda asked, _: result(asked, metrics)


def outcomes(found: campaign.CampaignResult) -> dict[str, str]:
    return {verdict.claim.name: verdict.outcome.value for verdict in found.verdicts}


def test_a_healthy_technique_takes_one_seed(tmp_path: Path) -> None:
    found, trainers = run(tmp_path, always(HEALTHY))
    assert outcomes(found) == {"accuracy": "reproduced", "sparsity": "reproduced"}
    assert [name for name, _ in trainers.asked] == ["base", "tiny"]
    assert campaign.exit_status(found) == 0


def test_a_seed_is_shared_with_what_it_starts_from(tmp_path: Path) -> None:
    _, trainers = run(tmp_path, always(HEALTHY))
    assert len({seed for _, seed in trainers.asked}) == 1


def test_the_uncompressed_model_is_trained_once_for_all_techniques(tmp_path: Path) -> None:
    other = replace(TINY, technique="quantization", claims=(replace(ACCURACY, technique="quantization"),))
    found, trainers = run(tmp_path, always(HEALTHY), plan(TINY, other))
    assert [name for name, _ in trainers.asked] == ["base", "tiny", "tiny"]
    assert len(found.verdicts) == 3


def test_an_undecided_claim_gets_another_seed_and_no_more_than_it_needs(tmp_path: Path) -> None:
    noisy = replace(ACCURACY, references=(0.9, 0.912, 0.888, 0.905, 0.895, 0.91, 0.89, 0.907, 0.893, 0.9))
    between = (0.893, 0.9, 0.9)  # the first lies between the fail line and the pass line
    values: dict[int, float] = {}

    def answer(asked: Trial, _: int) -> TrialResult:
        value = values.setdefault(asked.seed, between[len(values)])
        return result(asked, {"accuracy": value, "sparsity": 0.5})

    found, trainers = run(tmp_path, answer, plan(replace(TINY, claims=(noisy, SPARSITY))))
    assert outcomes(found)["accuracy"] == "reproduced"
    assert [name for name, _ in trainers.asked] == ["base", "tiny", "base", "tiny"]
    assert len({seed for _, seed in trainers.asked}) == 2


def test_looks_say_how_many_runs_come_at_once(tmp_path: Path) -> None:
    _, trainers = run(tmp_path, always(HEALTHY), plan(looks=(2, 4)))
    assert [name for name, _ in trainers.asked].count("tiny") == 2


def test_nothing_is_trained_twice(tmp_path: Path) -> None:
    first, _ = run(tmp_path, always(HEALTHY))
    second, trainers = run(tmp_path, always({}))
    assert trainers.asked == []
    assert second.verdicts == first.verdicts


@pytest.mark.parametrize(
    "change",
    [
        {"content_digest": "other"},
        {"harness": "other"},
        {"versions": {"tensorflow": "2.21.0"}},
        {"seeds_from": "other"},
    ],
)
def test_other_inputs_are_other_trials(tmp_path: Path, change: dict[str, object]) -> None:
    run(tmp_path, always(HEALTHY))
    _, trainers = run(tmp_path, always(HEALTHY), replace(plan(), **change))
    assert len(trainers.asked) == 2


@pytest.mark.parametrize("change", [{"threads": 2}, {"overrides": {"trainer": {"train_steps": 2}}}])
def test_another_recipe_is_another_trial(tmp_path: Path, change: dict[str, object]) -> None:
    run(tmp_path, always(HEALTHY))
    _, trainers = run(tmp_path, always(HEALTHY), plan(replace(TINY, **change)))
    assert [name for name, _ in trainers.asked] == ["tiny"]


def test_a_changed_margin_judges_the_same_trials(tmp_path: Path) -> None:
    run(tmp_path, always(HEALTHY))
    _, trainers = run(tmp_path, always({}), plan(replace(TINY, claims=(replace(ACCURACY, margin=0.03),))))
    assert trainers.asked == []


def test_a_loss_of_accuracy_is_not_reproduced(tmp_path: Path) -> None:
    found, _ = run(tmp_path, always({"accuracy": 0.86, "sparsity": 0.5}))
    assert outcomes(found) == {"accuracy": "not reproduced", "sparsity": "reproduced"}
    assert campaign.exit_status(found) == 1


def test_masks_that_are_not_applied_are_seen_though_accuracy_rises(tmp_path: Path) -> None:
    found, _ = run(tmp_path, always({"accuracy": 0.95, "sparsity": 0.0}))
    assert outcomes(found) == {"accuracy": "reproduced", "sparsity": "not reproduced"}
    assert campaign.exit_status(found) == 1


@pytest.mark.parametrize("kind", [ErrorKind.DIVERGED, ErrorKind.CRASHED])
def test_a_trial_that_fails_is_a_result_and_never_tried_again(tmp_path: Path, kind: ErrorKind) -> None:
    def answer(asked: Trial, _: int) -> TrialResult:
        error = TrialError(kind, "loss is NaN") if asked.recipe.id == TINY.id else None
        return result(asked, HEALTHY, error)

    found, trainers = run(tmp_path, answer)
    assert outcomes(found) == {"accuracy": "not reproduced", "sparsity": "not reproduced"}
    assert len(trainers.asked) == 2
    assert f"{kind.value}: loss is NaN" in found.verdicts[0].line


def test_a_failed_uncompressed_stage_fails_what_starts_from_it(tmp_path: Path) -> None:
    found, trainers = run(
        tmp_path, lambda asked, _: result(asked, HEALTHY, TrialError(ErrorKind.DIVERGED, "loss is NaN"))
    )
    assert outcomes(found) == {"accuracy": "not reproduced", "sparsity": "not reproduced"}
    assert [name for name, _ in trainers.asked] == ["base"]


def test_a_lost_worker_costs_one_attempt(tmp_path: Path) -> None:
    def answer(asked: Trial, number: int) -> TrialResult | BaseException:
        return ProcessExpired("killed", code=-9) if number == 2 else result(asked, HEALTHY)

    found, trainers = run(tmp_path, answer)
    assert outcomes(found) == {"accuracy": "reproduced", "sparsity": "reproduced"}
    assert [name for name, _ in trainers.asked] == ["base", "tiny", "tiny"]
    assert found.infrastructure_failures == 1


def test_out_of_memory_is_infrastructure_and_tried_again(tmp_path: Path) -> None:
    def answer(asked: Trial, number: int) -> TrialResult | BaseException:
        return trial.InfrastructureError("OOM") if number == 2 else result(asked, HEALTHY)

    found, _ = run(tmp_path, answer)
    assert (campaign.exit_status(found), found.infrastructure_failures) == (0, 1)


def test_a_worker_lost_again_is_infrastructure_and_never_a_pass(tmp_path: Path) -> None:
    def answer(asked: Trial, _: int) -> TrialResult | BaseException:
        return ProcessExpired("killed", code=-9) if asked.recipe.id == TINY.id else result(asked, HEALTHY)

    found, trainers = run(tmp_path, answer)
    assert outcomes(found) == {"accuracy": "infrastructure", "sparsity": "infrastructure"}
    assert [name for name, _ in trainers.asked] == ["base", "tiny", "tiny"]
    assert campaign.exit_status(found) == 4


def test_what_lies_behind_a_lost_run_is_not_looked_at(tmp_path: Path) -> None:
    noisy = replace(ACCURACY, references=(0.9, 0.912, 0.888, 0.905, 0.895, 0.91, 0.89, 0.907, 0.893, 0.9))
    made = plan(replace(TINY, claims=(noisy, SPARSITY)), looks=(3, 6))
    lost = made.chain(TINY, 0)[0].seed

    def answer(asked: Trial, _: int) -> TrialResult | BaseException:
        return ProcessExpired("killed", code=-9) if asked.seed == lost else result(asked, HEALTHY)

    found, _ = run(tmp_path, answer, made)
    assert outcomes(found) == {"accuracy": "infrastructure", "sparsity": "infrastructure"}
    assert campaign.exit_status(found) == 4


def test_a_lost_worker_is_asked_again_in_the_next_campaign(tmp_path: Path) -> None:
    run(tmp_path, lambda asked, _: ProcessExpired("killed", code=-9))
    found, _ = run(tmp_path, always(HEALTHY))
    assert campaign.exit_status(found) == 0


def test_bad_input_found_by_a_trial_ends_the_campaign(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="missing-data"):
        run(tmp_path, lambda asked, _: UserError("missing-data", "no such file"))


def test_a_metric_that_nobody_measures_is_named(tmp_path: Path) -> None:
    wrong = replace(TINY, claims=(replace(ACCURACY, metric="acuracy"),))
    with pytest.raises(UserError, match=r"no metric 'acuracy' was measured.*known: accuracy, sparsity"):
        run(tmp_path, always(HEALTHY), plan(wrong))


def test_a_foreign_result_is_refused_and_named(tmp_path: Path) -> None:
    base = plan().chain(TINY, 0)[0]
    foreign = result(replace(base, seed=base.seed + 1), HEALTHY)
    records.write(trial.result_path(tmp_path, base.digest), foreign)
    with pytest.raises(UserError, match="is the result of another trial"):
        run(tmp_path, always(HEALTHY))


@pytest.mark.parametrize(
    "change",
    [
        {"technique": "other"},
        {"recipe": "other"},
        {"content_digest": "other"},
        {"versions": {}},
        {"threads": 9},
    ],
)
def test_a_result_with_another_body_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    base = plan().chain(TINY, 0)[0]
    forged = replace(result(base, HEALTHY), **change)
    records.write(trial.result_path(tmp_path, base.digest), forged)
    with pytest.raises(UserError, match="is the result of another trial"):
        run(tmp_path, always(HEALTHY))


def test_a_truncated_result_is_refused_and_named(tmp_path: Path) -> None:
    run(tmp_path, always(HEALTHY))
    path = next(tmp_path.glob("*.json"))
    path.write_text(path.read_text()[:100])
    with pytest.raises(UserError, match=f"{path.name} is not JSON"):
        run(tmp_path, always(HEALTHY))


def test_a_campaign_is_a_record(tmp_path: Path) -> None:
    found, _ = run(tmp_path, always(HEALTHY))
    records.write(tmp_path / "out" / "campaign.json", found)
    assert records.read(tmp_path / "out" / "campaign.json", campaign.CampaignResult) == found


def test_paired_claims_are_judged_on_the_difference_of_a_seed(tmp_path: Path) -> None:
    paired = replace(
        ACCURACY,
        kind=Kind.PAIRED,
        baseline="accuracy",
        target=0.0,
        references=(0.001, -0.001, 0.0, 0.002, -0.002),
    )
    found, _ = run(
        tmp_path,
        always({"accuracy": 0.5, "baseline.accuracy": 0.5}),
        plan(replace(TINY, claims=(paired,))),
    )
    assert found.verdicts[0].evidence.mean == 0.0
    assert found.verdicts[0].outcome is Outcome.REPRODUCED
