"""Designs the closed group-sequential test that decides a claim: when to look, and where to stop.

One run x of a claim with documented value T, margin d and standard deviation σ adds (x − (T − d/2))/σ to a
sum S, which drifts by +η/2 a run where the claim holds (mean T) and by −η/2 where it is broken (mean T − d),
η = d/σ. Two straight lines that meet at the last look end the test: S at or above the upper one passes, below
the lower one fails. (Jennison & Turnbull, *Group Sequential Methods*, 2000; the triangular shape is
Anderson's, *Ann. Math. Statist.* 31, 1960.) σ is then estimated: `critical_values` studentises the lines.

Everything here is pure, and knows nothing of claims, files or training.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, root
from scipy.special import ndtr, ndtri, stdtrit

from convergence.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

RESERVE_RUNS = 2  # σ is estimated: some runs fall between the lines even where one suffices on paper
MOST_RUNS = 10
SHARPEST = 10.0  # d/σ beyond which no decision gets any surer; keeps σ = 0 finite

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_REACH = 6.5  # standard deviations of S within which 48 nodes integrate to 1e-6 however far apart the lines
_TIE = 1e-4  # runs; a longer plan must save more than this
_NEVER = 1e-300


@dataclass(frozen=True)
class Design:
    """A test as planned, for known σ; S and the boundaries are in units of σ.

    Attributes:
      margin_over_sigma: η = d/σ, at most `SHARPEST`.
      alpha: admitted chance to pass at mean T − d.
      beta: admitted chance to fail at mean T.
      n_fixed: runs a test with a single look would need.
      looks: cumulative numbers of runs at which S is looked at.
      a: height of the upper line over the meeting point's ray at zero runs; 0 where σ/d is small.
      b: depth of the lower line under it.
      upper: pass boundary on S at each look.
      lower: fail boundary on S at each look; equals `upper` at the last.
      false_pass: chance to pass at T − d.
      false_fail: chance to fail at T.
      expected_runs: at T.
    """

    margin_over_sigma: float
    alpha: float
    beta: float
    n_fixed: int
    looks: tuple[int, ...]
    a: float
    b: float
    upper: tuple[float, ...]
    lower: tuple[float, ...]
    false_pass: float
    false_fail: float
    expected_runs: float

    @property
    def most_runs(self) -> int:
        """K, the last look."""
        return self.looks[-1]

    @property
    def pass_probability(self) -> float:
        """Chance to pass at T: with σ known the last look always decides."""
        return 1.0 - self.false_fail

    @property
    def pass_levels(self) -> Floats:
        """Standard errors above T − d at which the mean passes, for each look."""
        n = np.asarray(self.looks, dtype=float)
        return np.asarray(np.sqrt(n) * self.margin_over_sigma / 2 + np.asarray(self.upper) / np.sqrt(n))

    @property
    def fail_levels(self) -> Floats:
        """Standard errors below T at which the mean fails, for each look."""
        n = np.asarray(self.looks, dtype=float)
        return np.asarray(np.sqrt(n) * self.margin_over_sigma / 2 - np.asarray(self.lower) / np.sqrt(n))

    @property
    def pass_tails(self) -> Floats:
        """Nominal tail probability of each of `pass_levels`."""
        return np.asarray(ndtr(-self.pass_levels))

    @property
    def fail_tails(self) -> Floats:
        """Nominal tail probability of each of `fail_levels`."""
        return np.asarray(ndtr(-self.fail_levels))


@lru_cache(maxsize=4096)
def plan(
    margin_over_sigma: float,
    alpha: float = 0.05,
    beta: float = 0.05,
    looks: tuple[int, ...] | None = None,
    *,
    first: int = 1,
    most: int = MOST_RUNS,
) -> Design:
    """The test with the fewest expected runs at T whose errors are at most alpha and beta.

    K lies between n_fixed and ⌈1.6·n_fixed⌉ + 2 and is found for one look a run; grouped looks end at it, so
    that (1, 3, 7) becomes (1, 3, 7, 10) where K is 10 and (1, 3) where it is 3.

    Args:
      margin_over_sigma: d/σ > 0; infinite for σ = 0.
      alpha: chance to pass at T − d, between 0 and 0.5.
      beta: chance to fail at T, between 0 and 0.5.
      looks: increasing numbers of runs; None looks after each run.
      first: no look before so many runs.
      most: runs that a plan may ask for.

    Raises:
      UserError: `runs` if more than `most` runs are needed; `errors` or `looks` for arguments out of range.
    """
    _check(margin_over_sigma, alpha, beta, looks)
    eta = min(margin_over_sigma, SHARPEST)
    n_fixed = math.ceil(((ndtri(alpha) + ndtri(beta)) / eta) ** 2)
    shortest = max(n_fixed, first + RESERVE_RUNS)
    if shortest > most:
        raise UserError(
            "runs",
            f"σ is {1 / eta:.2f} of the margin: at least {shortest} runs are needed, {most} are allowed",
            hint="widen the margin or add references",
        )
    longest = max(shortest, min(most, math.ceil(1.6 * n_fixed) + RESERVE_RUNS))
    best = _design(eta, alpha, beta, n_fixed, tuple(range(first, shortest + 1)))
    for k in range(shortest + 1, longest + 1):
        longer = _design(eta, alpha, beta, n_fixed, tuple(range(first, k + 1)))
        best = longer if longer.expected_runs < best.expected_runs - _TIE else best
    if looks is None:
        return best
    grouped = tuple(n for n in looks if first <= n < best.most_runs)
    return _design(eta, alpha, beta, n_fixed, (*grouped, best.most_runs))


@lru_cache(maxsize=4096)
def critical_values(design: Design, prior_dof: int) -> tuple[Floats, Floats]:
    """The lines for estimated σ: t statistics that pass above T − d, and that fail below T, for each look.

    Args:
      design: as planned for known σ.
      prior_dof: degrees of freedom of σ before the first run; n runs in hand add n − 1.
    """
    dof = prior_dof + np.asarray(design.looks, dtype=float) - 1
    return (
        _studentised(design.pass_levels, design.alpha, dof),
        _studentised(design.fail_levels, design.beta, dof),
    )


def _studentised(levels: Floats, error: float, dof: Floats) -> Floats:
    """Normal quantiles turned into t quantiles of the same tail probability, no stricter than needed.

    Far out, t quantiles explode: five standard errors become thirteen at nine degrees of freedom, and the
    smaller σ the less could ever be decided. Such lines leave error unspent. It is shared out among the looks
    (half to the first), and a line stays where it was for known σ if its tail, read as a t tail, is within
    that share. By the union bound over the looks the error stays within bounds.
    """
    tails = ndtr(-levels)
    share = np.full(len(levels), 0.5 / max(len(levels) - 1, 1))
    share[0] = 0.5 if len(levels) > 1 else 1.0
    spare = max(error - float(tails.sum()), 0.0)
    within_share = -stdtrit(dof, tails + spare * share)
    return np.asarray(np.fmin(-stdtrit(dof, tails), np.maximum(levels, within_share)))


def _design(eta: float, alpha: float, beta: float, n_fixed: int, looks: tuple[int, ...]) -> Design:
    """The test with the smallest a, b ≥ 0 at given looks."""
    a, b = _smallest(eta, alpha, beta, looks)
    lower, upper = _lines(a, b, alpha, beta, looks)
    up, down = _crossings(looks, lower, upper, eta / 2)
    return Design(
        margin_over_sigma=eta,
        alpha=alpha,
        beta=beta,
        n_fixed=n_fixed,
        looks=looks,
        a=a,
        b=b,
        upper=tuple(upper.tolist()),
        lower=tuple(lower.tolist()),
        false_pass=float(_crossings(looks, lower, upper, -eta / 2)[0].sum()),
        false_fail=float(down.sum()),
        expected_runs=float(np.asarray(looks) @ (up + down)),
    )


def _smallest(eta: float, alpha: float, beta: float, looks: tuple[int, ...]) -> tuple[float, float]:
    """The least a, b ≥ 0 that keep both errors: both spend theirs, or else at least one is zero."""

    def excess(heights: Sequence[float]) -> tuple[float, float]:
        lower, upper = _lines(heights[0], heights[1], alpha, beta, looks)
        passes = float(_crossings(looks, lower, upper, -eta / 2)[0].sum())
        fails = float(_crossings(looks, lower, upper, eta / 2)[1].sum())
        return math.log(max(passes, _NEVER) / alpha), math.log(max(fails, _NEVER) / beta)

    if max(excess((0, 0))) <= 0:
        return 0.0, 0.0
    both = root(excess, (1.0, 1.0), tol=1e-8)
    if both.success and min(both.x) >= 0:
        return float(both.x[0]), float(both.x[1])
    top = 10.0 * looks[-1]  # nothing stops before the last look
    if excess((0, 0))[1] > 0:
        b = float(brentq(lambda depth: excess((0, depth))[1], 0, top))
        if excess((0, b))[0] <= 0:
            return 0.0, b
    return float(brentq(lambda height: excess((height, 0))[0], 0, top)), 0.0


def _lines(a: float, b: float, alpha: float, beta: float, looks: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Lower and upper boundary on S at each look; they meet at c, midway for equal errors (c = 0)."""
    used = np.asarray(looks, dtype=float) / looks[-1]
    c = (ndtri(beta) - ndtri(alpha)) * math.sqrt(looks[-1]) / 2
    return c * used - b * (1 - used), c * used + a * (1 - used)


def _crossings(looks: tuple[int, ...], lower: Floats, upper: Floats, drift: float) -> tuple[Floats, Floats]:
    """Chances to end above and below at each look, when S gains N(drift, 1) a run.

    The density of S among the tests still running is integrated from look to look (Armitage, McPherson &
    Rowe, *J. R. Statist. Soc. A* 132, 1969), by Gauss–Legendre quadrature between the boundaries.
    """
    up, down = np.zeros(len(looks)), np.zeros(len(looks))
    at, mass, before = np.zeros(1), np.ones(1), 0
    for i, n in enumerate(looks):
        scale = math.sqrt(n - before)
        centre = at + (n - before) * drift
        up[i] = mass @ ndtr((centre - upper[i]) / scale)
        down[i] = mass @ ndtr((lower[i] - centre) / scale)
        low = max(lower[i], n * drift - _REACH * math.sqrt(n))
        high = min(upper[i], n * drift + _REACH * math.sqrt(n))
        if high <= low:
            break
        nodes = low + (high - low) * (_NODES + 1) / 2
        density = np.exp(-(((nodes[:, None] - centre) / scale) ** 2) / 2) / (scale * math.sqrt(2 * math.pi))
        at, mass, before = nodes, (density @ mass) * _WEIGHTS * (high - low) / 2, n
    return up, down


def _check(margin_over_sigma: float, alpha: float, beta: float, looks: tuple[int, ...] | None) -> None:
    """Refuses arguments that no test can have."""
    if not margin_over_sigma > 0:
        raise UserError("margin", f"margin over σ is {margin_over_sigma}", hint="it must be above 0")
    if not (0 < alpha < 0.5 and 0 < beta < 0.5):
        raise UserError("errors", f"alpha is {alpha}, beta is {beta}", hint="both must be in (0, 0.5)")
    if looks is not None and not (
        looks and looks[0] >= 1 and all(m < n for m, n in itertools.pairwise(looks))
    ):
        raise UserError(
            "looks", f"looks are {looks}", hint="give increasing numbers of runs, such as 1, 3, 7"
        )
