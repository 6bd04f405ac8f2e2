"""Judges a claim by the runs in hand: passed, failed, or which look comes next.

A false pass (the true mean is T − d or worse) and a false fail (it is T or better) each have their admitted
chance. All claims of a release must pass, so false passes need no correction for their number
(intersection–union test: Berger, *Technometrics* 24, 1982); the chance of a false fail is shared out among
the claims judged together. Pure: no files, no clock, no training.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convergence import line
from convergence.errors import UserError
from convergence.looks import LEAST_RUNS_FOR_SIGMA, Noise, Walk, design_for, planning_sigma, spread, walk
from convergence.model import WITHOUT_STATISTICS, Claim, Evidence, Kind, Outcome, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convergence.boundaries import Design


def judge(
    claim: Claim,
    values: Sequence[float],
    references: Sequence[float] | None = None,
    *,
    looks: Sequence[int] | None = None,
    claims_judged: int = 1,
    alpha: float = 0.05,
    beta: float = 0.05,
) -> Verdict:
    """What the runs in hand say of the claim.

    The looks are walked in order and the first that decides, decides: later runs are ignored. A value that is
    not finite is a run that diverged, and fails the claim.

    Args:
      claim: the promise.
      values: the metric of each run, in the order of the planned seeds, in the claim's unit.
      references: earlier runs of the same recipe, for σ; the claim's own by default.
      looks: planned looks, cumulative numbers of runs; None looks after each run.
      claims_judged: claims of the release, which share `beta`.
      alpha: admitted chance of a false pass.
      beta: admitted chance that any of the claims fails falsely.

    Raises:
      UserError: `margin`, `references` or `sigma` for a claim that cannot be judged; `runs` where its margin
        is too narrow for its σ.
    """
    _check(claim, claims_judged)
    if claim.kind in WITHOUT_STATISTICS:
        return _judge_each(claim, values)
    noise = known_noise(claim, references)
    return _judge_mean(claim, values, noise, looks, (alpha, beta / claims_judged))


def judged_together(claims: Iterable[Claim]) -> int:
    """The claims among these that share the chance of a false fail: exact ones never fail falsely.

    Proposed ones have no share beside accepted ones: however many a pull request states, it moves no line
    that an accepted claim is held against.
    """
    noisy = [claim.status for claim in claims if claim.kind not in WITHOUT_STATISTICS]
    return max(1, noisy.count(Status.ACCEPTED) or len(noisy))


def expected_runs(
    claim: Claim,
    references: Sequence[float] | None = None,
    *,
    looks: Sequence[int] | None = None,
    claims_judged: int = 1,
    alpha: float = 0.05,
    beta: float = 0.05,
) -> float:
    """Runs that a claim is expected to take if it holds: the cost of a campaign before it starts.

    Where nothing is known of σ, the runs that it takes to know something. Arguments and errors as for
    `judge`.
    """
    _check(claim, claims_judged)
    if claim.kind in WITHOUT_STATISTICS:
        return 1.0
    noise = known_noise(claim, references)
    if not noise.dof:
        return float(LEAST_RUNS_FOR_SIGMA)
    return _design(claim, noise.sigma, noise.dof, looks, (alpha, beta / claims_judged)).expected_runs


def known_noise(claim: Claim, references: Sequence[float] | None = None) -> Noise:
    """σ from the references, else from the literature, else nothing.

    Raises:
      UserError: `references` if there are fewer than five or one is not finite; `sigma` if a σ from the
        literature comes without its degrees of freedom.
    """
    given = sorted(claim.references if references is None else references)
    if given:
        if len(given) < LEAST_RUNS_FOR_SIGMA or not all(map(math.isfinite, given)):
            hint = f"give {LEAST_RUNS_FOR_SIGMA} finite values or more, or none: σ then comes from the runs"
            raise UserError("references", f"reference runs are {given}", where=claim.id, hint=hint)
        return Noise(spread(np.asarray([given])).item(), len(given) - 1, len(given))
    if claim.sigma is None:
        return Noise(0.0, 0)
    if not claim.sigma_dof or claim.sigma_dof < 1 or not 0 <= claim.sigma < math.inf:
        raise UserError(
            "sigma",
            f"σ {claim.sigma} with {claim.sigma_dof} degrees of freedom",
            where=claim.id,
            hint="state the degrees of freedom, one less than the runs that σ was measured from",
        )
    return Noise(claim.sigma, claim.sigma_dof)


def _judge_mean(
    claim: Claim,
    values: Sequence[float],
    noise: Noise,
    looks: Sequence[int] | None,
    errors: tuple[float, float],
) -> Verdict:
    """Judges by the mean; the runs before one that diverged may have decided already."""
    finite = list(itertools.takewhile(math.isfinite, values))
    waiting = Evidence(len(finite), _mean(finite), alpha=errors[0], beta=errors[1])
    if not noise.dof and len(finite) < LEAST_RUNS_FOR_SIGMA:
        return _undecided(claim, values, replace(waiting, next_look=LEAST_RUNS_FOR_SIGMA))
    sign = -1.0 if claim.kind in line.LOWER_IS_BETTER else 1.0
    runs = sign * np.asarray([finite], dtype=float)
    sigma = planning_sigma(noise, runs).item()
    try:
        design = _design(claim, sigma, noise.dof, looks, errors)
    except UserError as error:
        if noise.dof or error.code != "runs":
            raise  # could be known before training
        noisy = replace(waiting, sigma=sigma, sigma_runs=LEAST_RUNS_FOR_SIGMA)
        return Verdict(claim, Outcome.INCONCLUSIVE, noisy, line.too_noisy(claim, noisy, error))
    if len(finite) < design.looks[0]:
        return _undecided(claim, values, replace(waiting, looks=design.looks, next_look=design.looks[0]))
    known = np.asarray([noise.sigma])
    walked = walk(design, runs, target=sign * claim.target, margin=claim.margin, sigma=known, dof=noise.dof)
    return _verdict(claim, values, walked, _evidence(walked, design, noise, sign, errors))


def _design(
    claim: Claim, sigma: float, dof: int, looks: Sequence[int] | None, errors: tuple[float, float]
) -> Design:
    """The claim's plan; a refusal names the claim."""
    try:
        return design_for(sigma / claim.margin, dof, None if looks is None else tuple(looks), *errors)
    except UserError as error:
        raise UserError(error.code, error.what, where=claim.id, hint=error.hint) from error


def _verdict(claim: Claim, values: Sequence[float], walked: Walk, evidence: Evidence) -> Verdict:
    """The outcome at the look where a single campaign stands."""
    passed, failed = bool(walked.passed[0]), bool(walked.failed[0])
    if passed:
        return Verdict(claim, Outcome.REPRODUCED, evidence, line.passed(claim, evidence, both=failed))
    if failed:
        return Verdict(claim, Outcome.NOT_REPRODUCED, evidence, line.failed(claim, evidence))
    return _undecided(claim, values, evidence)


def _judge_each(claim: Claim, values: Sequence[float]) -> Verdict:
    """Judges what needs no statistics: the first run decides, and every further one must hold as well."""
    if not values:
        return _undecided(claim, values, Evidence(0, None, looks=(1,), next_look=1))
    most = claim.target + claim.margin if claim.kind is Kind.SIZE else None
    evidence = Evidence(len(values), None, pass_line=most, fail_line=most, looks=(1,))
    if not all(map(math.isfinite, values)):
        return _undecided(claim, values, evidence)
    evidence = replace(evidence, mean=_mean(values))
    worst = max(values, key=lambda value: _excess(claim, value))
    # an ulp of the larger number: 0.51 is within 0.01 of 0.5, though not in binary
    dust = 2 * math.ulp(max(abs(worst), abs(claim.target)))
    held = _excess(claim, worst) <= claim.margin + dust
    outcome = Outcome.REPRODUCED if held else Outcome.NOT_REPRODUCED
    return Verdict(claim, outcome, evidence, line.each(claim, evidence, worst, held=held))


def _excess(claim: Claim, value: float) -> float:
    """How far a value is from what was promised: over it for sizes, either way for structure."""
    return value - claim.target if claim.kind is Kind.SIZE else abs(value - claim.target)


def _undecided(claim: Claim, values: Sequence[float], evidence: Evidence) -> Verdict:
    """Fails a claim with a diverged run; else it is not known yet, or never will be."""
    diverged = next((run for run, value in enumerate(values, start=1) if not math.isfinite(value)), None)
    if diverged is not None:
        final = replace(evidence, mean=None, next_look=None)
        text = line.diverged(claim, run=diverged, runs=len(values))
        return Verdict(claim, Outcome.NOT_REPRODUCED, final, text)
    return Verdict(
        claim, Outcome.INCONCLUSIVE, evidence, line.undecided(claim, evidence, in_hand=len(values))
    )


def _evidence(
    walked: Walk, design: Design, noise: Noise, sign: float, errors: tuple[float, float]
) -> Evidence:
    """The figures at the look where a single campaign stands, in the claim's own direction."""
    seeds = int(walked.runs[0])
    decided = walked.passed[0] or walked.failed[0]
    from_literature = noise.dof and not noise.runs
    return Evidence(
        seeds=seeds,
        mean=sign * float(walked.mean[0]),
        sigma=float(walked.sigma[0]),
        sigma_runs=0 if from_literature else noise.runs + (seeds if seeds > 1 else 0),
        pass_line=sign * float(walked.pass_line[0]),
        fail_line=sign * float(walked.fail_line[0]),
        alpha=errors[0],
        beta=errors[1],
        looks=design.looks,
        next_look=None if decided else next((n for n in design.looks if n > seeds), None),
    )


def _check(claim: Claim, claims_judged: int) -> None:
    """Refuses claims that no run could decide."""
    if not (math.isfinite(claim.target) and math.isfinite(claim.margin)):
        numbers = f"target {claim.target}, margin {claim.margin}"
        raise UserError("margin", numbers, where=claim.id, hint="both must be finite")
    if claim.margin < 0 or (claim.margin == 0 and claim.kind not in WITHOUT_STATISTICS):
        hint = "give the loss that would break the promise, above 0"
        raise UserError("margin", f"the margin is {claim.margin}", where=claim.id, hint=hint)
    if claims_judged < 1:
        raise UserError("claims", f"{claims_judged} claims judged together", hint="1 or more")


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
