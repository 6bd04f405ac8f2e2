"""Says a verdict in one line: outcome first, then the numbers, then what comes next.

Every function takes a claim and its evidence and returns a sentence; nothing is decided here.
"""

from __future__ import annotations

import math

from convergence.errors import UserError
from convergence.model import Claim, Evidence, Kind

LOWER_IS_BETTER = frozenset({Kind.AT_MOST, Kind.LATENCY})

_DOCUMENTED = {Kind.PAIRED: "documented difference", Kind.LATENCY: "documented ratio"}
_MOST_DECIMALS = 12


def passed(claim: Claim, evidence: Evidence, *, both: bool) -> str:
    """A pass; `both` where the mean is also worse than documented beyond doubt, though within the margin."""
    measurably = f", but measurably {'higher' if claim.kind in LOWER_IS_BETTER else 'lower'}" if both else ""
    compared = _compared(
        claim, evidence, "pass", evidence.pass_line, "≤" if claim.kind in LOWER_IS_BETTER else "≥"
    )
    return f"PASS{measurably} — {compared} ({_basis(claim, evidence)}); {_errors(evidence)}"


def failed(claim: Claim, evidence: Evidence) -> str:
    """A fail by the numbers."""
    compared = _compared(
        claim, evidence, "fail", evidence.fail_line, ">" if claim.kind in LOWER_IS_BETTER else "<"
    )
    return f"FAIL — {compared} ({_basis(claim, evidence)}); {_errors(evidence)}"


def diverged(claim: Claim, *, run: int, runs: int) -> str:
    """A fail because a run has no finite value."""
    documented = f"{_documented(claim)} {_number(claim.target, _decimals(claim))}"
    return f"FAIL — run {run} of {runs} diverged ({documented}); a diverged run counts and is not retried"


def undecided(claim: Claim, evidence: Evidence, *, in_hand: int) -> str:
    """Neither, after so many runs in hand; says which look is next, or that none is."""
    if evidence.mean is None or evidence.pass_line is None or evidence.fail_line is None:
        return f"INCONCLUSIVE — {_seeds(in_hand)}; {_next(evidence, in_hand)}"
    low, high = sorted((evidence.pass_line, evidence.fail_line))
    names = ("pass line", "fail line") if claim.kind in LOWER_IS_BETTER else ("fail line", "pass line")
    decimals = _telling(_decimals(claim), low, evidence.mean, high)
    mean, low_text, high_text = (_number(x, decimals) + _unit(claim) for x in (evidence.mean, low, high))
    between = f"{_at(evidence)} {mean} between {names[0]} {low_text} and {names[1]} {high_text}"
    return f"INCONCLUSIVE — {between} ({_basis(claim, evidence)}); {_next(evidence, in_hand)}"


def too_noisy(claim: Claim, evidence: Evidence, error: UserError) -> str:
    """No plan can decide: σ, first known from the runs in hand, is too large for the margin."""
    return f"INCONCLUSIVE — {_seeds(evidence.seeds)} ({_basis(claim, evidence)}); {error.what}: {error.hint}"


def each(claim: Claim, evidence: Evidence, worst: float, *, held: bool) -> str:
    """What needs no statistics; `worst` is the value that was hardest to accept."""
    decimals = _telling(_decimals(claim), worst, claim.target, claim.target + claim.margin)
    value, target, margin = (_number(x, decimals) for x in (worst, claim.target, claim.margin))
    unit, seeds = _unit(claim), _seeds(evidence.seeds) + (", worst" if evidence.seeds > 1 else ",")
    outcome = "PASS" if held else "FAIL"
    if claim.kind is Kind.SIZE:
        most = _number(claim.target + claim.margin, decimals)
        limit = f"{'≤' if held else '>'} {most}{unit} (documented {target}, tolerance {margin})"
        return f"{outcome} — {seeds} {value}{unit} {limit}"
    if claim.margin:
        where = "within" if held else "outside"
        return f"{outcome} — {seeds} {value}{unit} {where} documented {target} ± {margin}"
    return f"{outcome} — {seeds} {value}{unit} {'=' if held else '≠'} documented {target}, exact"


def _compared(claim: Claim, evidence: Evidence, name: str, limit: float | None, sign: str) -> str:
    """`3 seeds, mean 71.21 ≥ pass line 71.08`."""
    values = [math.nan if x is None else x for x in (evidence.mean, limit)]
    decimals = _telling(_decimals(claim), *values)
    mean, shown = (_number(x, decimals) + _unit(claim) for x in values)
    return f"{_at(evidence)} {mean} {sign} {name} line {shown}"


def _basis(claim: Claim, evidence: Evidence) -> str:
    """`documented 71.33, margin 0.50, σ 0.10 from 10 runs`."""
    target, margin = (_number(x, _decimals(claim)) for x in (claim.target, claim.margin))
    source = f"{evidence.sigma_runs} runs"
    if not evidence.sigma_runs:
        source = "the literature" + (f" and {evidence.seeds} runs" if evidence.seeds > 1 else "")
    sigma = evidence.sigma or 0.0
    shown = _number(sigma, _two_digits(sigma)) if sigma else "0"
    return f"{_documented(claim)} {target}, margin {margin}, σ {shown} from {source}"


def _errors(evidence: Evidence) -> str:
    """`false pass ≤ 5 %, false fail ≤ 0.33 %`."""
    alpha, beta = (f"{100 * (error or 0.0):.2g} %" for error in (evidence.alpha, evidence.beta))
    return f"false pass ≤ {alpha}, false fail ≤ {beta}"


def _next(evidence: Evidence, in_hand: int) -> str:
    """What would decide."""
    if evidence.next_look is not None:
        waiting = f"{_seeds(in_hand)} in hand, " if in_hand > evidence.seeds else ""
        return f"{waiting}next look at {_seeds(evidence.next_look)}"
    last = evidence.looks[-1]
    if in_hand > last:
        return f"undecided at the last planned look ({_seeds(last)}); {in_hand - last} extra not judged"
    return f"undecided at the last planned look ({_seeds(last)})"


def _at(evidence: Evidence) -> str:
    return _seeds(evidence.seeds) + (", mean" if evidence.seeds > 1 else ",")


def _seeds(count: int) -> str:
    return "1 seed" if count == 1 else f"{count or 'no'} seeds"


def _documented(claim: Claim) -> str:
    return _DOCUMENTED.get(claim.kind, "documented")


def _unit(claim: Claim) -> str:
    return f" {claim.unit}" if claim.unit else ""


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace("-", "−")


def _decimals(claim: Claim) -> int:
    """Enough for two digits of the margin, and for the target as documented."""
    target = f"{claim.target!r}".partition("e")[0].partition(".")[2].rstrip("0")
    return min(max(_two_digits(claim.margin), len(target)), _MOST_DECIMALS)


def _two_digits(value: float) -> int:
    """Decimals that show two digits of a value; whole numbers need none."""
    if value == 0:
        return 0
    return min(max(1 - math.floor(math.log10(abs(value))), 0), _MOST_DECIMALS)


def _telling(decimals: int, *values: float) -> int:
    """Decimals at which different numbers look different, within reason."""
    different = len(set(values))
    enough = (d for d in range(decimals, decimals + 5) if len({_number(x, d) for x in values}) == different)
    return next(enough, decimals)
