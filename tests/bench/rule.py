"""Measures the decision rule: error rates, runs and power against the rules in use today, and its speed.

    python tests/bench/rule.py [CAMPAIGNS]

A minute on one core. Everything is in units of the margin d; campaigns have 10 reference runs, σ unknown.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

from rich.console import Console
from rich.table import Table

from convergence.boundaries import critical_values, plan
from convergence.model import Claim, Kind
from convergence.power import (
    best_of_three,
    decide,
    joint_power,
    one_run,
    reference_convergence,
    simulate,
    t_test,
)
from convergence.verdict import judge

SIGMAS = (0.2, 0.5, 0.8)
RULES = {
    "one run": one_run,
    "up to 3 tries": best_of_three,
    "MLPerf RCP": reference_convergence,
    "t test, n = 5": t_test,
    "ours": decide,
}


def rates(campaigns: int) -> Table:
    """Every rule at every σ, where the promise is broken (T − d) and where it holds (T)."""
    table = Table(title=f"Shares of {campaigns:,} campaigns; runs of those not refused")
    for name in ("σ/d", "rule", "PASS at T−d", "PASS at T", "FAIL", "open", "refused", "runs"):
        table.add_column(name, justify="left" if name == "rule" else "right", no_wrap=name == "rule")
    for sigma in SIGMAS:
        for name, rule in RULES.items():
            broken, held = (simulate(rule, sigma, mean, campaigns=campaigns) for mean in (-1.0, 0.0))
            shares = (broken.passed, held.passed, held.failed, held.inconclusive, held.refused)
            table.add_row(f"{sigma:.1f}", name, *(f"{share:.3f}" for share in shares), f"{held.runs:.2f}")
        table.add_section()
    return table


def power(campaigns: int) -> Table:
    """The chance that a whole healthy release passes, one look a run."""
    table = Table(title="All 15 healthy claims pass together, β shared")
    table.add_column("σ/d", justify="right")
    for references in (5, 10, 20):
        table.add_column(f"{references} references", justify="right")
    for sigma in (0.2, 0.3, 0.5):
        shares = (joint_power(sigma, releases=campaigns // 10, references=n) for n in (5, 10, 20))
        table.add_row(f"{sigma:.1f}", *(f"{share:.3f}" for share in shares))
    return table


def speed() -> Table:
    """What a plan costs once, and a verdict each time after it."""
    table = Table(title="Speed")
    table.add_column("what")
    table.add_column("median", justify="right")
    references = tuple(0.55 * x for x in (1, -1) * 5)
    claim = Claim("t", "r", "n", Kind.AT_LEAST, "m", 0.0, 1.0, "", "", references)
    judge(claim, [0.0])
    for sigma in SIGMAS:
        table.add_row(
            f"plan, σ/d = {sigma}", f"{1000 * timed(lambda s=sigma: plan.__wrapped__(1 / s), 5):.1f} ms"
        )
    table.add_row(
        "critical values", f"{1000 * timed(lambda: critical_values.__wrapped__(plan(2.0), 9), 50):.3f} ms"
    )
    table.add_row("verdict, plan cached", f"{1000 * timed(lambda: judge(claim, [-0.4] * 10), 500):.3f} ms")
    return table


def timed(act: Callable[[], object], times: int) -> float:
    """Median seconds."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return median(seconds)


if __name__ == "__main__":
    campaigns = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    console = Console()
    for section in (speed, lambda: rates(campaigns), lambda: power(campaigns)):
        console.print(section())
