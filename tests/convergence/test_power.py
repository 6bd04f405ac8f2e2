from __future__ import annotations

import numpy as np
import pytest

from convergence.errors import UserError
from convergence.model import Claim, Kind, Outcome
from convergence.power import (
    Rates,
    best_of_three,
    decide,
    joint_power,
    one_run,
    reference_convergence,
    simulate,
    t_test,
)
from convergence.verdict import judge

CAMPAIGNS = 10_000  # standard errors of the shares: at most 0.005


@pytest.mark.parametrize(
    ("rule", "sigma", "passes_broken", "passes_held", "runs"),
    [
        (one_run, 0.2, 0.500, 1.000, 1),
        (one_run, 0.5, 0.502, 0.977, 1),
        (best_of_three, 0.5, 0.877, 1.000, 1.02),
        (reference_convergence, 0.2, 0.000, 0.963, 5),
        (reference_convergence, 0.5, 0.091, 0.965, 5),
        (reference_convergence, 0.8, 0.434, 0.965, 5),
        (t_test, 0.5, 0.050, 0.975, 5),
        (t_test, 0.8, 0.051, 0.743, 5),
        (decide, 0.2, 0.007, 0.995, 1.00),
        (decide, 0.5, 0.045, 0.955, 2.06),
        (decide, 0.7, 0.050, 0.868, 3.50),
    ],
)
def test_the_documented_rates(
    rule: object, sigma: float, passes_broken: float, passes_held: float, runs: float
) -> None:
    broken = simulate(rule, sigma, -1.0, campaigns=CAMPAIGNS)  # type: ignore[arg-type]
    held = simulate(rule, sigma, 0.0, campaigns=CAMPAIGNS)  # type: ignore[arg-type]
    assert broken.passed == pytest.approx(passes_broken, abs=0.012)
    assert held.passed == pytest.approx(passes_held, abs=0.012)
    assert held.runs == pytest.approx(runs, rel=0.02)


@pytest.mark.parametrize("references", [5, 10])
@pytest.mark.parametrize("sigma", [0.2, 0.3, 0.5, 0.8])
def test_both_errors_are_kept_when_noise_is_estimated(sigma: float, references: int) -> None:
    broken = simulate(decide, sigma, -1.0, campaigns=CAMPAIGNS, references=references)
    held = simulate(decide, sigma, 0.0, campaigns=CAMPAIGNS, references=references)
    assert broken.passed < 0.05 + 0.005
    assert held.failed < 0.05 + 0.005


@pytest.mark.parametrize("sigma", [0.2, 0.5])
def test_errors_are_kept_where_noise_comes_from_the_runs_in_hand(sigma: float) -> None:
    broken = simulate(decide, sigma, -1.0, campaigns=CAMPAIGNS, references=0)
    held = simulate(decide, sigma, 0.0, campaigns=CAMPAIGNS, references=0)
    assert broken.passed < 0.05
    assert held.failed < 0.05
    assert held.runs >= 5


@pytest.mark.parametrize("sigma", [0.05, 0.1, 0.15, 0.2, 0.25])
@pytest.mark.parametrize("references", [5, 10])
def test_little_noise_is_never_a_reason_not_to_decide(sigma: float, references: int) -> None:
    held = simulate(decide, sigma, 0.0, campaigns=4_000, references=references)
    assert held.inconclusive < 0.02
    assert held.passed > 0.96


def test_nearly_all_healthy_releases_pass_as_a_whole() -> None:
    assert joint_power(0.2, releases=300) > 0.97
    assert joint_power(0.3, releases=300) > 0.93


def test_sharing_the_error_is_what_lets_a_release_pass() -> None:
    alone = simulate(decide, 0.4, 0.0, campaigns=6_000).passed ** 15
    assert alone < 0.65 < joint_power(0.4, releases=300)


@pytest.mark.parametrize("kind", [Kind.AT_LEAST, Kind.AT_MOST, Kind.PAIRED, Kind.LATENCY])
@pytest.mark.parametrize("references", [0, 5, 10])
@pytest.mark.parametrize(("looks", "claims_judged"), [(None, 1), ((1, 3, 7), 1), (None, 3)])
def test_simulation_and_judge_agree(
    kind: Kind, references: int, looks: tuple[int, ...] | None, claims_judged: int
) -> None:
    random = np.random.default_rng(5)
    sigma, mean = random.uniform(0.1, 0.8, (40, 1)), random.uniform(-1.2, 0.2, (40, 1))
    runs = mean + sigma * random.normal(size=(40, 10))
    earlier = sigma * random.normal(size=(40, references))
    sign = -1 if kind in {Kind.AT_MOST, Kind.LATENCY} else 1
    claim = Claim("t", "r", "n", kind, "m", target=0.0, margin=1.0, source="", measured="")
    simulated = decide(runs, earlier, looks=looks, claims_judged=claims_judged)
    for i in range(len(runs)):
        values, own = list(sign * runs[i]), list(sign * earlier[i])
        try:
            verdict = judge(claim, values, own, looks=looks, claims_judged=claims_judged)
        except UserError:
            assert simulated.refused[i]
            continue
        assert simulated.passed[i] == (verdict.outcome is Outcome.REPRODUCED)
        assert simulated.failed[i] == (verdict.outcome is Outcome.NOT_REPRODUCED)
        assert simulated.refused[i] or simulated.runs[i] == verdict.evidence.seeds


def test_simulations_repeat() -> None:
    first, second = (simulate(decide, 0.5, 0.0, campaigns=200, seed=3) for _ in range(2))
    assert first == second
    assert isinstance(first, Rates)


def test_shares_add_up() -> None:
    rates = simulate(decide, 0.8, 0.0, campaigns=500)
    assert rates.passed + rates.failed + rates.inconclusive + rates.refused == pytest.approx(1)
    assert rates.refused > 0
