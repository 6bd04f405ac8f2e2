"""Simulates campaigns: how often a rule passes what holds, passes what is broken, and what it costs.

The rule under test walks through the very code that judges; the others are those in use today. Everything is
in units of the margin: the documented value is 0, a promise is broken at −1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtrit

from convergence.boundaries import MOST_RUNS, Floats
from convergence.errors import UserError
from convergence.looks import Noise, design_for, hundredths, planning_sigma, spread, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Decisions:
    """Campaign by campaign: what came out and how many runs it took; refused ones could not be planned."""

    passed: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    refused: NDArray[np.bool_]
    runs: NDArray[np.int64]


@dataclass(frozen=True)
class Rates:
    """Shares of all campaigns, and the mean number of runs of those that were not refused."""

    passed: float
    failed: float
    inconclusive: float
    refused: float
    runs: float


def simulate(
    rule: Callable[[Floats, Floats], Decisions],
    sigma: float,
    mean: float,
    *,
    campaigns: int = 20_000,
    references: int = 10,
    seed: int = 0,
) -> Rates:
    """How a rule fares with normal runs of the given mean and σ, in units of the margin.

    Args:
      rule: takes runs and references, each campaigns × runs; `decide` or one of the competitors.
      sigma: σ/d of runs and references.
      mean: of the runs; 0 holds what is documented, −1 is broken. References have mean 0.
      campaigns: how many are simulated.
      references: reference runs of each campaign.
      seed: of the random numbers; the same campaigns for every rule.
    """
    random = np.random.default_rng(seed)
    earlier = random.normal(0.0, sigma, (campaigns, references))
    decisions = rule(random.normal(mean, sigma, (campaigns, MOST_RUNS)), earlier)
    undecided = ~(decisions.passed | decisions.failed | decisions.refused)
    return Rates(
        passed=float(decisions.passed.mean()),
        failed=float(decisions.failed.mean()),
        inconclusive=float(undecided.mean()),
        refused=float(decisions.refused.mean()),
        runs=float(decisions.runs[~decisions.refused].mean()),
    )


def joint_power(
    sigma: float, *, claims: int = 15, releases: int = 2_000, references: int = 10, seed: int = 0
) -> float:
    """The chance that all claims of a release pass, if all hold and share the false-fail error.

    Claims whose references ask for more runs than allowed are left out: they never reach a release.
    """
    random = np.random.default_rng(seed)
    earlier = random.normal(0.0, sigma, (releases * claims, references))
    decisions = decide(
        random.normal(0.0, sigma, (releases * claims, MOST_RUNS)), earlier, claims_judged=claims
    )
    passed = decisions.passed[~decisions.refused]
    whole = len(passed) // claims * claims
    return float(passed[:whole].reshape(-1, claims).all(axis=1).mean())


def decide(
    runs: Floats,
    references: Floats,
    *,
    looks: tuple[int, ...] | None = None,
    claims_judged: int = 1,
    alpha: float = 0.05,
    beta: float = 0.05,
) -> Decisions:
    """Judges many campaigns (rows) of a claim with T = 0 and d = 1, as `convergence.verdict.judge` does.

    Args:
      runs: campaigns × runs, as many as the longest plan may need.
      references: campaigns × reference runs; no columns: σ comes from the runs in hand.
      looks: as for `judge`, like the arguments that follow.
    """
    dof = max(references.shape[1] - 1, 0)
    known = spread(references) if dof else np.zeros(len(runs))
    planning = known if dof else planning_sigma(Noise(0.0, 0), runs)
    passed, failed, refused = np.zeros((3, len(runs)), dtype=bool)
    taken = np.zeros(len(runs), dtype=np.int64)
    keys = hundredths(planning)
    for key in np.unique(keys):
        rows = np.flatnonzero(keys == key)
        try:
            design = design_for(key / 100, dof, looks, alpha, beta / claims_judged)
        except UserError:
            refused[rows] = True
            continue
        walked = walk(design, runs[rows], target=0.0, margin=1.0, sigma=known[rows], dof=dof)
        passed[rows], failed[rows], taken[rows] = walked.passed, walked.failed & ~walked.passed, walked.runs
    return Decisions(passed, failed, refused, taken)


def one_run(runs: Floats, _references: Floats) -> Decisions:
    """Passes if one run is within the margin."""
    return _either(runs[:, 0] >= -1, np.ones(len(runs)))


def best_of_three(runs: Floats, _references: Floats) -> Decisions:
    """Runs again, up to three times, until one run is within the margin."""
    within = runs[:, :3] >= -1
    passed = np.asarray(within.any(axis=1))
    return _either(passed, np.where(passed, within.argmax(axis=1) + 1, 3))


def t_test(runs: Floats, _references: Floats, n: int = 5, alpha: float = 0.05) -> Decisions:
    """Passes if n runs, by themselves, reject a loss of d in a one-sided t test."""
    taken = runs[:, :n]
    error = spread(taken) / np.sqrt(n)
    return _either(taken.mean(axis=1) >= -1 - stdtrit(n - 1, alpha) * error, np.full(len(runs), n))


def reference_convergence(runs: Floats, references: Floats, n: int = 5, alpha: float = 0.05) -> Decisions:
    """MLPerf's reference convergence points: passes unless n runs are significantly worse.

    Both means are olympic (without the best and the worst), the references' σ stands for both, and the t test
    counts the runs that are left (github.com/mlcommons/logging, rcp_checker.py). The margin plays no part.
    """
    ours, theirs = (np.sort(x, axis=1)[:, 1:-1] for x in (runs[:, :n], references))
    m, k = ours.shape[1], theirs.shape[1]
    error = np.std(references, axis=1) * np.sqrt(1 / m + 1 / k)
    worst = theirs.mean(axis=1) + stdtrit(m + k - 2, alpha) * error
    return _either(ours.mean(axis=1) >= worst, np.full(len(runs), n))


def _either(passed: NDArray[np.bool_], runs: NDArray[Any]) -> Decisions:
    """Decisions of a rule that passes or fails, and refuses nothing."""
    return Decisions(passed, ~passed, np.zeros(len(passed), dtype=bool), runs.astype(np.int64))
