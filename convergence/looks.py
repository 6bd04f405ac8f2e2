"""Walks campaigns through their planned looks, many at a time; judging and simulating share it.

Values are higher-is-better and in the claim's unit. The mean is compared with T − d and with T in standard
errors, σ pooled from what was known before the first run and from the runs in hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convergence.boundaries import SHARPEST, Design, Floats, critical_values, plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_RUNS_FOR_SIGMA = 5


@dataclass(frozen=True)
class Noise:
    """What is known of σ before the first run; no degrees of freedom: nothing."""

    sigma: float
    dof: int
    runs: int = 0


@dataclass(frozen=True)
class Walk:
    """Where campaigns stand at the look that decided them, or else at the last one reached; one row each.

    Attributes:
      runs: runs looked at.
      mean: of these runs.
      sigma: pooled from them and from what was known before.
      pass_line: a mean at or above it passes.
      fail_line: a mean below it fails.
      passed: whether the pass line was reached.
      failed: whether the mean fell below the fail line; both hold where σ is tiny, and then the claim passes.
    """

    runs: NDArray[np.int64]
    mean: Floats
    sigma: Floats
    pass_line: Floats
    fail_line: Floats
    passed: NDArray[np.bool_]
    failed: NDArray[np.bool_]


def design_for(
    sigma_over_margin: float, dof: int, looks: tuple[int, ...] | None, alpha: float, beta: float
) -> Design:
    """The plan for a σ with so many degrees of freedom before the first run (0: σ of the first runs).

    A plan that hangs on an estimate stops early just where the estimate is too small. By simulation that adds
    up to a share 1/dof to each error, which the plan pays in advance. Where σ comes from the runs in hand,
    the runs spent on waiting for it pay.
    """
    margin_over_sigma = 100 / max(hundredths(np.asarray(sigma_over_margin)).item(), 100 / SHARPEST)
    if not dof:
        return plan(margin_over_sigma, alpha, beta, looks, first=LEAST_RUNS_FOR_SIGMA)
    paid = 1 - 1 / max(dof, 2)
    return plan(margin_over_sigma, alpha * paid, beta * paid, looks)


def hundredths(sigma_over_margin: Floats) -> Floats:
    """σ/d rounded up, in hundredths: on the safe side, and few plans serve all claims."""
    return np.asarray(np.ceil(100 * sigma_over_margin - 1e-9))


def planning_sigma(noise: Noise, runs: Floats) -> Floats:
    """σ that fixes the design of each campaign (row): what was known before, else the first runs' own."""
    if noise.dof:
        return np.full(len(runs), noise.sigma)
    return spread(runs[:, :LEAST_RUNS_FOR_SIGMA])


def walk(design: Design, runs: Floats, *, target: float, margin: float, sigma: Floats, dof: int) -> Walk:
    """Walks campaigns through the looks until each is decided or its runs are used up.

    Args:
      design: fixed before the first run.
      runs: finite values, campaigns × runs, higher is better; at least as many as the first look needs.
      target: T.
      margin: d.
      sigma: σ of each campaign as known before the first run.
      dof: its degrees of freedom; 0 takes σ from the runs alone.
    """
    reached = sum(n <= runs.shape[1] for n in design.looks)
    n = np.asarray(design.looks[:reached])
    to_pass, to_fail = (values[:reached] for values in critical_values(design, dof))
    offsets = runs - runs[:, :1]  # equal runs then have σ = 0 exactly
    sums = np.cumsum(offsets, axis=1)[:, n - 1]
    squares = np.maximum(np.cumsum(offsets**2, axis=1)[:, n - 1] - sums**2 / n, 0)
    mean = runs[:, :1] + sums / n
    pooled = np.sqrt((dof * sigma[:, None] ** 2 + squares) / (dof + n - 1))
    pass_line = target - margin + to_pass * pooled / np.sqrt(n)
    fail_line = target - to_fail * pooled / np.sqrt(n)
    passed = (mean >= pass_line) & (mean > target - margin)  # where σ = 0, a loss of d breaks the promise
    failed = mean < fail_line
    decided = passed | failed
    look = np.where(decided.any(axis=1), decided.argmax(axis=1), reached - 1)
    at = np.arange(len(runs)), look
    return Walk(n[look], mean[at], pooled[at], pass_line[at], fail_line[at], passed[at], failed[at])


def spread(runs: Floats) -> Floats:
    """Sample standard deviation of each row; equal values give 0 exactly."""
    return np.asarray(np.std(runs - runs[:, :1], axis=1, ddof=1))
