from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convergence.boundaries import Design, critical_values, plan
from convergence.errors import UserError


def pass_lines(design: Design, sigma: float) -> list[float]:
    """Means that pass at the first three looks, in units of d below T."""
    lines = -1 + design.pass_levels / np.sqrt(design.looks) * sigma
    return [round(float(line), 2) for line in lines[:3]]


@pytest.mark.parametrize(
    ("sigma", "n_fixed", "k", "expected_runs", "lines"),
    [
        (0.1, 1, 3, 1.00, [-0.50, -0.50, -0.50]),
        (0.2, 1, 3, 1.00, [-0.50, -0.50, -0.50]),
        (0.3, 1, 3, 1.00, [-0.50, -0.50, -0.50]),
        (0.4, 2, 6, 1.22, [-0.30, -0.42, -0.46]),
        (0.5, 3, 7, 1.64, [-0.02, -0.30, -0.39]),
        (0.6, 4, 9, 2.23, [+0.34, -0.13, -0.29]),
        (0.7, 6, 10, 2.99, [+0.84, +0.10, -0.15]),
        (0.8, 7, 10, 3.98, [+1.72, +0.49, +0.08]),
    ],
)
def test_the_documented_plans(
    sigma: float, n_fixed: int, k: int, expected_runs: float, lines: list[float]
) -> None:
    design = plan(1 / sigma)
    assert (design.n_fixed, design.most_runs, round(design.expected_runs, 2)) == (n_fixed, k, expected_runs)
    assert pass_lines(design, sigma) == lines
    assert design.looks == tuple(range(1, k + 1))


@pytest.mark.parametrize(
    ("sigma", "claims", "looks", "planned"),
    [
        (0.2, 1, (1, 3, 7), (1, 3)),
        (0.5, 1, (1, 3, 7), (1, 3, 7)),
        (0.6, 1, (1, 3, 7), (1, 3, 7, 9)),
        (0.7, 15, (1, 3, 7), (1, 3, 7, 10)),
        (0.7, 1, (2, 4, 8, 16), (2, 4, 8, 10)),
        (0.2, 1, (20,), (3,)),
    ],
)
def test_grouped_looks_end_at_the_planned_last_run(
    sigma: float, claims: int, looks: tuple[int, ...], planned: tuple[int, ...]
) -> None:
    assert plan(1 / sigma, 0.05, 0.05 / claims, looks).looks == planned


@pytest.mark.parametrize("sigma", [0.32, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.96])
@pytest.mark.parametrize("looks", [None, (1, 3, 7)])
def test_both_errors_are_spent_exactly(sigma: float, looks: tuple[int, ...] | None) -> None:
    design = plan(1 / sigma, 0.05, 0.05, looks)
    assert (design.false_pass, design.false_fail) == pytest.approx((0.05, 0.05), abs=1e-6)
    assert design.a == pytest.approx(design.b, abs=1e-5)
    assert design.pass_probability == pytest.approx(0.95, abs=1e-6)
    assert design.upper[-1] == design.lower[-1]


@pytest.mark.parametrize("sigma", [0.01, 0.1, 0.2, 0.3])
def test_small_noise_needs_no_distance_between_the_lines(sigma: float) -> None:
    design = plan(1 / sigma)
    assert (design.a, design.b) == (0, 0)
    assert design.upper == design.lower
    assert max(design.false_pass, design.false_fail) < 0.05


@pytest.mark.parametrize("looks", [None, (1, 3, 7), (2, 5)])
@pytest.mark.parametrize(("sigma", "beta"), [(0.25, 0.05), (0.5, 0.05), (0.5, 0.05 / 15), (0.9, 0.05)])
def test_the_integral_agrees_with_random_walks(
    sigma: float, beta: float, looks: tuple[int, ...] | None
) -> None:
    design = plan(1 / sigma, 0.05, beta, looks)
    random = np.random.default_rng(1)
    for drift, fails in ((0.5 / sigma, design.false_fail), (-0.5 / sigma, 1 - design.false_pass)):
        walks = np.cumsum(random.normal(drift, 1, (40_000, design.most_runs)), axis=1)
        at_looks = walks[:, np.asarray(design.looks) - 1]
        up, down = at_looks >= np.asarray(design.upper), at_looks < np.asarray(design.lower)
        first = (up | down).argmax(axis=1)
        failed = down[np.arange(len(walks)), first]
        assert failed.mean() == pytest.approx(fails, abs=0.005)
        if drift > 0:
            runs = np.asarray(design.looks)[first].mean()
            assert runs == pytest.approx(design.expected_runs, rel=0.02)


@settings(max_examples=25, deadline=None)
@given(eta=st.floats(1.6, 12), alpha=st.floats(0.01, 0.2), beta=st.floats(0.002, 0.2))
def test_any_plan_keeps_its_errors_and_its_shape(eta: float, alpha: float, beta: float) -> None:
    design = plan(eta, alpha, beta, most=20)
    assert design.false_pass <= alpha + 1e-6
    assert design.false_fail <= beta + 1e-6
    assert min(design.a, design.b) >= 0
    assert design.most_runs >= 3
    assert design.n_fixed <= design.most_runs
    assert all(low <= high for low, high in zip(design.lower, design.upper, strict=True))
    assert 1 <= design.expected_runs <= design.most_runs


def test_swapping_the_errors_mirrors_the_plan() -> None:
    one, other = plan(2.0, 0.05, 0.01), plan(2.0, 0.01, 0.05)
    assert one.upper == pytest.approx([-low for low in other.lower], abs=1e-5)
    assert one.false_pass == pytest.approx(other.false_fail, abs=1e-6)


def test_more_noise_takes_more_runs() -> None:
    runs = [plan(100 / sigma).expected_runs for sigma in range(30, 90, 10)]
    assert runs == sorted(runs)


def test_the_first_look_can_wait() -> None:
    assert plan(5.0, first=5).looks == (5, 6, 7)
    assert plan(5.0, looks=(1, 3, 6), first=5).looks == (6, 7)


def test_beyond_the_sharpest_margin_plans_are_the_same() -> None:
    assert plan(math.inf) == plan(1000.0)


@pytest.mark.parametrize("dof", [1, 4, 9, 1000])
@pytest.mark.parametrize("sigma", [0.05, 0.1, 0.2, 0.3, 0.5, 0.8])
def test_estimated_noise_never_moves_a_line_towards_a_decision(sigma: float, dof: int) -> None:
    design = plan(1 / sigma)
    to_pass, to_fail = critical_values(design, dof)
    assert np.all(to_pass >= design.pass_levels - 1e-9)
    assert np.all(to_fail >= design.fail_levels - 1e-9)
    assert np.all(np.isfinite(to_pass))


def test_with_many_degrees_of_freedom_the_lines_are_those_of_known_noise() -> None:
    design = plan(2.0)
    to_pass, _ = critical_values(design, 10**7)
    assert to_pass == pytest.approx(design.pass_levels, abs=1e-4)


@pytest.mark.parametrize("sigma", [0.02, 0.1, 0.2])
def test_far_out_the_line_stays_where_it_was_for_known_noise(sigma: float) -> None:
    """Five normal standard errors are thirteen of t at nine degrees of freedom: nothing could ever pass."""
    design = plan(1 / sigma)
    to_pass, to_fail = critical_values(design, 9)
    assert to_pass[0] == pytest.approx(design.pass_levels[0])
    assert to_fail[0] == pytest.approx(design.fail_levels[0])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"margin_over_sigma": 1.0}, "runs"),
        ({"margin_over_sigma": 1.25, "beta": 0.05 / 15}, "runs"),
        ({"margin_over_sigma": 2.0, "most": 2}, "runs"),
        ({"margin_over_sigma": 0.0}, "margin"),
        ({"margin_over_sigma": -1.0}, "margin"),
        ({"margin_over_sigma": math.nan}, "margin"),
        ({"margin_over_sigma": 2.0, "alpha": 0.0}, "errors"),
        ({"margin_over_sigma": 2.0, "alpha": 0.6}, "errors"),
        ({"margin_over_sigma": 2.0, "beta": math.nan}, "errors"),
        ({"margin_over_sigma": 2.0, "looks": ()}, "looks"),
        ({"margin_over_sigma": 2.0, "looks": (0, 3)}, "looks"),
        ({"margin_over_sigma": 2.0, "looks": (1, 3, 3)}, "looks"),
    ],
)
def test_what_cannot_be_planned_is_refused(arguments: dict[str, float], code: str) -> None:
    with pytest.raises(UserError) as refusal:
        plan(**arguments)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_refusal_says_what_would_work() -> None:
    with pytest.raises(UserError) as refusal:
        plan(1.0)
    assert str(refusal.value) == (
        "error[runs]: σ is 1.00 of the margin: at least 11 runs are needed, 10 are allowed; "
        "widen the margin or add references"
    )


def test_more_runs_can_be_allowed() -> None:
    assert plan(1.0, most=20).most_runs == 20


def test_statistics_are_cheap_to_import() -> None:
    script = "import sys, convergence.verdict, convergence.power; print('scipy.stats' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "False"
