from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from convergence.boundaries import plan
from convergence.errors import UserError
from convergence.model import Claim, Evidence, Kind, Outcome, Status
from convergence.verdict import expected_runs, judge, judged_together

PASS, FAIL, OPEN = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE
NAN = math.nan

TEN = (0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1)  # σ 0.1054
CALM = Claim(
    technique="pruning",
    recipe="full",
    name="top-1",
    kind=Kind.AT_LEAST,
    metric="accuracy",
    target=71.33,
    margin=0.5,
    source="https://example.org/results",
    measured="mean of 10 runs",
    references=tuple(71.33 + x for x in TEN),
)
NOISY = replace(CALM, references=tuple(71.33 + 2.3 * x for x in TEN))  # σ/d .485; looks 1, 2 … 7
UNKNOWN = replace(CALM, references=())
MIDWAY = (71.38, 70.78) * 6  # never leaves the gap between the lines


def near(value: float) -> float:
    """Equal but for rounding, inside larger values."""
    return cast("float", pytest.approx(value))


def outcome(claim: Claim, *values: float, **options: object) -> tuple[Outcome, int, int | None]:
    """What was decided, at which look, and which look is next."""
    verdict = judge(claim, values, **options)  # type: ignore[arg-type]
    return verdict.outcome, verdict.evidence.seeds, verdict.evidence.next_look


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), (OPEN, 0, 1)),
        ((71.21,), (PASS, 1, None)),
        ((75.0,), (PASS, 1, None)),
        ((71.08,), (PASS, 1, None)),
        ((71.0,), (FAIL, 1, None)),
        ((70.0,), (FAIL, 1, None)),
        ((71.21, 60.0, 60.0), (PASS, 1, None)),
        ((70.0, 72.0, 72.0), (FAIL, 1, None)),
        ((NAN,), (FAIL, 0, None)),
        ((math.inf,), (FAIL, 0, None)),
        ((-math.inf,), (FAIL, 0, None)),
        ((71.21, NAN), (PASS, 1, None)),
        ((NAN, 71.21), (FAIL, 0, None)),
    ],
)
def test_one_run_decides_where_noise_is_small(
    values: tuple[float, ...], expected: tuple[Outcome, int, int | None]
) -> None:
    assert outcome(CALM, *values) == expected


@pytest.mark.parametrize(
    ("values", "looks", "expected"),
    [
        ((71.21,), None, (OPEN, 1, 2)),
        ((71.21, 71.1), None, (OPEN, 2, 3)),
        ((71.9,), None, (PASS, 1, None)),
        ((71.21, 71.5), None, (PASS, 2, None)),
        ((71.21, 70.0), None, (FAIL, 2, None)),
        ((71.21, NAN, 71.5), None, (FAIL, 1, None)),
        (MIDWAY[:6], None, (OPEN, 6, 7)),
        (MIDWAY[:7], None, (OPEN, 7, None)),
        (MIDWAY[:10], None, (OPEN, 7, None)),
        ((*MIDWAY[:7], NAN), None, (FAIL, 7, None)),
        ((71.21,), (1, 3, 7), (OPEN, 1, 3)),
        ((71.21, 71.9), (1, 3, 7), (OPEN, 1, 3)),
        ((71.21, NAN), (1, 3, 7), (FAIL, 1, None)),
        ((71.21, 71.5, 71.4), (1, 3, 7), (PASS, 3, None)),
        ((), (3, 7), (OPEN, 0, 3)),
        ((71.21, 71.5), (3, 7), (OPEN, 2, 3)),
        ((71.21, NAN), (3, 7), (FAIL, 1, None)),
    ],
)
def test_looks_are_taken_in_order(
    values: tuple[float, ...], looks: tuple[int, ...] | None, expected: tuple[Outcome, int, int | None]
) -> None:
    assert outcome(NOISY, *values, looks=looks) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((71.3,) * 4, (OPEN, 4, 5)),
        ((71.3, NAN, 71.3, 71.3), (FAIL, 1, None)),
        ((71.3, 71.2, 71.4, 71.1, 71.2), (PASS, 5, None)),
        ((70.3, 70.2, 70.4, 70.1, 70.2), (FAIL, 5, None)),
        ((71.3, 71.2, 71.4, 71.1, 71.2, NAN), (PASS, 5, None)),
        ((70.0, 71.0, 72.0, 71.0, 70.0), (OPEN, 5, None)),
    ],
)
def test_unknown_noise_is_learned_from_five_runs(
    values: tuple[float, ...], expected: tuple[Outcome, int, int | None]
) -> None:
    assert outcome(UNKNOWN, *values) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(71.33, PASS), (71.32, PASS), (70.84, PASS), (70.83, FAIL), (70.82, FAIL), (80.0, PASS)],
)
def test_without_noise_any_loss_below_the_margin_passes(value: float, expected: Outcome) -> None:
    identical = replace(CALM, references=(71.3,) * 5)
    verdict = judge(identical, [value])
    assert verdict.outcome is expected
    assert verdict.evidence.sigma == 0
    assert verdict.line.startswith("PASS, but measurably lower") == (70.83 < value < 71.33)


@pytest.mark.parametrize(
    ("kind", "target", "margin", "value", "expected"),
    [
        (Kind.AT_LEAST, 71.33, 0.5, 71.3, PASS),
        (Kind.AT_LEAST, 71.33, 0.5, 70.7, FAIL),
        (Kind.AT_MOST, 71.33, 0.5, 71.3, PASS),
        (Kind.AT_MOST, 71.33, 0.5, 65.0, PASS),
        (Kind.AT_MOST, 71.33, 0.5, 71.9, FAIL),
        (Kind.PAIRED, -0.3, 0.5, -0.4, PASS),
        (Kind.PAIRED, -0.3, 0.5, -1.0, FAIL),
        (Kind.LATENCY, 0.6, 0.5, 0.7, PASS),
        (Kind.LATENCY, 0.6, 0.5, 1.2, FAIL),
        (Kind.LATENCY, 0.6, 0.5, NAN, FAIL),
    ],
)
def test_each_kind_has_its_direction(
    kind: Kind, target: float, margin: float, value: float, expected: Outcome
) -> None:
    claim = replace(CALM, kind=kind, target=target, margin=margin)
    assert judge(claim, [value]).outcome is expected


@pytest.mark.parametrize(
    ("kind", "target", "margin", "values", "expected"),
    [
        (Kind.EXACT, 0.5, 0.0, (0.5,), PASS),
        (Kind.EXACT, 0.5, 0.0, (0.5001,), FAIL),
        (Kind.EXACT, 0.5, 0.01, (0.51,), PASS),
        (Kind.EXACT, 0.5, 0.01, (0.49,), PASS),
        (Kind.EXACT, 0.5, 0.01, (0.5101,), FAIL),
        (Kind.EXACT, 0.5, 0.01, (0.5, 0.5, 0.52), FAIL),
        (Kind.EXACT, 0.5, 0.01, (0.48, 0.5), FAIL),
        (Kind.EXACT, 16, 0, (16, 16), PASS),
        (Kind.EXACT, 0.5, 0.01, (0.5, NAN), FAIL),
        (Kind.EXACT, 0.5, 0.01, (math.inf, -math.inf), FAIL),
        (Kind.EXACT, 0.5, 0.01, (), OPEN),
        (Kind.SIZE, 1_230_000, 10_000, (1_240_000,), PASS),
        (Kind.SIZE, 1_230_000, 10_000, (1_000,), PASS),
        (Kind.SIZE, 1_230_000, 10_000, (1_240_001,), FAIL),
        (Kind.SIZE, 1_230_000, 10_000, (1_000, 1_240_001), FAIL),
        (Kind.SIZE, 1_230_000, 0, (1_230_000,), PASS),
        (Kind.SIZE, 1_230_000, 0, (NAN,), FAIL),
        (Kind.SIZE, 1_230_000, 0, (), OPEN),
    ],
)
def test_structure_and_size_need_no_statistics(
    kind: Kind, target: float, margin: float, values: tuple[float, ...], expected: Outcome
) -> None:
    claim = replace(CALM, kind=kind, target=target, margin=margin, references=())
    verdict = judge(claim, values)
    assert verdict.outcome is expected
    assert verdict.evidence.sigma is None
    assert verdict.evidence.next_look == (None if values else 1)


@pytest.mark.parametrize("values", [[], [NAN], [71.21, NAN]])
@pytest.mark.parametrize("claim", [NOISY, UNKNOWN, replace(CALM, kind=Kind.EXACT)])
def test_there_is_no_mean_without_runs_or_with_a_diverged_one(claim: Claim, values: list[float]) -> None:
    assert judge(claim, values).evidence.mean is None


def test_evidence_holds_all_the_figures() -> None:
    sigma = 0.23 * math.sqrt(10 / 9)
    design = plan(1 / 0.49, 0.05 * 8 / 9, 0.025 * 8 / 9)
    to_pass, to_fail = -stdtrit(9, design.pass_tails[0]), -stdtrit(9, design.fail_tails[0])
    assert judge(NOISY, [71.21], claims_judged=2).evidence == Evidence(
        seeds=1,
        mean=71.21,
        sigma=near(sigma),
        sigma_runs=10,
        pass_line=near(71.33 - 0.5 + to_pass * sigma),
        fail_line=near(71.33 - to_fail * sigma),
        alpha=0.05,
        beta=0.025,
        looks=design.looks,
        next_look=2,
    )


def test_noise_is_pooled_from_references_and_runs_about_their_own_means() -> None:
    shifted = replace(NOISY, references=tuple(x + 1000 for x in NOISY.references))
    evidence = judge(shifted, [71.0, 71.4]).evidence
    squares = 10 * 0.23**2 + 2 * 0.2**2
    assert evidence.sigma == pytest.approx(math.sqrt(squares / (9 + 1)))
    assert evidence.sigma_runs == 12


def test_noise_from_the_literature_pools_by_its_degrees_of_freedom() -> None:
    claim = replace(UNKNOWN, sigma=0.25, sigma_dof=20)
    evidence = judge(claim, [71.0, 71.2]).evidence
    assert evidence.sigma == pytest.approx(math.sqrt((20 * 0.25**2 + 2 * 0.1**2) / 21))
    assert evidence.sigma_runs == 0


def test_references_can_be_given_in_place_of_the_claims_own() -> None:
    assert judge(UNKNOWN, [71.21], CALM.references).line == judge(CALM, [71.21]).line
    assert judge(CALM, [71.21], []).outcome is OPEN


def test_the_plan_does_not_depend_on_the_runs_in_hand() -> None:
    calm, wild = judge(NOISY, [71.1, 71.1]).evidence, judge(NOISY, [70.3, 71.9]).evidence
    assert calm.looks == wild.looks
    assert calm.sigma != wild.sigma


@pytest.mark.parametrize(
    ("change", "values", "options", "code"),
    [
        ({"margin": 0.0}, [71.0], {}, "margin"),
        ({"margin": -0.5}, [71.0], {}, "margin"),
        ({"margin": NAN}, [71.0], {}, "margin"),
        ({"target": math.inf}, [71.0], {}, "margin"),
        ({"kind": Kind.LATENCY, "margin": 0.0}, [71.0], {}, "margin"),
        ({"kind": Kind.EXACT, "margin": -0.1}, [71.0], {}, "margin"),
        ({"kind": Kind.SIZE, "margin": -1.0}, [71.0], {}, "margin"),
        ({"references": (71.0, 71.1, 71.2, 71.3, NAN)}, [71.0], {}, "references"),
        ({"references": (71.0, 71.1, 71.2, 71.3, math.inf)}, [71.0], {}, "references"),
        ({"references": (71.0, 71.1, 71.2, 71.3)}, [71.0], {}, "references"),
        ({"references": (), "sigma": 0.1}, [71.0], {}, "sigma"),
        ({"references": (), "sigma": 0.1, "sigma_dof": 0}, [71.0], {}, "sigma"),
        ({"references": (), "sigma": -0.1, "sigma_dof": 9}, [71.0], {}, "sigma"),
        ({"references": (), "sigma": NAN, "sigma_dof": 9}, [71.0], {}, "sigma"),
        ({"margin": 0.09}, [71.0], {}, "runs"),
        ({}, [71.0], {"claims_judged": 0}, "claims"),
        ({}, [71.0], {"alpha": 0.0}, "errors"),
        ({}, [71.0], {"looks": [3, 1]}, "looks"),
        ({"references": ()}, [71.0, 71.1] * 3, {"looks": [3, 1]}, "looks"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(
    change: dict[str, object], values: list[float], options: dict[str, object], code: str
) -> None:
    with pytest.raises(UserError) as refusal:
        judge(replace(CALM, **change), values, **options)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert code == "claims" or refusal.value.where == CALM.id


@pytest.mark.parametrize(
    ("claim", "options", "runs"),
    [
        (CALM, {}, 1.0),
        (NOISY, {}, plan(1 / 0.49, 0.4 / 9, 0.4 / 9).expected_runs),
        (NOISY, {"claims_judged": 4}, plan(1 / 0.49, 0.4 / 9, 0.1 / 9).expected_runs),
        (NOISY, {"looks": (1, 3, 7)}, plan(1 / 0.49, 0.4 / 9, 0.4 / 9, (1, 3, 7)).expected_runs),
        (UNKNOWN, {}, 5.0),
        (replace(CALM, kind=Kind.EXACT), {}, 1.0),
        (replace(CALM, kind=Kind.SIZE), {}, 1.0),
        (replace(UNKNOWN, sigma=0.05, sigma_dof=9), {}, 1.0),
    ],
)
def test_the_cost_is_known_beforehand(claim: Claim, options: dict[str, object], runs: float) -> None:
    assert expected_runs(claim, **options) == pytest.approx(runs, abs=1e-4)  # type: ignore[arg-type]


def test_the_cost_of_a_hopeless_claim_is_a_refusal() -> None:
    with pytest.raises(UserError, match="pruning/full/top-1; widen the margin or add references"):
        expected_runs(replace(CALM, margin=0.09))


offsets = st.lists(st.floats(-3, 3), min_size=1, max_size=10)
spreads = st.floats(0.02, 0.75)


def claim_with(spread: float, *, shift: float = 0.0, scale: float = 1.0, kind: Kind = Kind.AT_LEAST) -> Claim:
    references = tuple(shift + scale * spread * x / 0.1054 for x in TEN)
    return replace(CALM, kind=kind, target=shift, margin=abs(scale), references=references)


def clear_cut(claim: Claim, values: list[float]) -> bool:
    """No mean lies so close to a line that rounding could decide."""
    evidence = judge(claim, values).evidence
    lines = (evidence.pass_line, evidence.fail_line, claim.target - claim.margin)
    return all(line is None or evidence.mean is None or abs(line - evidence.mean) > 1e-6 for line in lines)


@settings(max_examples=60, deadline=None)
@given(values=offsets, spread=spreads, better=st.floats(0, 3))
def test_better_runs_never_turn_a_pass_into_a_fail(values: list[float], spread: float, better: float) -> None:
    claim = claim_with(spread)
    before, after = judge(claim, values), judge(claim, [x + better for x in values])
    assert not (before.outcome is PASS and after.outcome is FAIL)
    if before.outcome is PASS:
        assert after.outcome is PASS


@settings(max_examples=60, deadline=None)
@given(values=offsets, spread=spreads, shift=st.floats(-100, 100), scale=st.floats(0.01, 100))
def test_units_do_not_matter(values: list[float], spread: float, shift: float, scale: float) -> None:
    claim, other = claim_with(spread), claim_with(spread, shift=shift, scale=scale)
    assume(clear_cut(claim, values))
    one, two = judge(claim, values), judge(other, [shift + scale * x for x in values])
    assert (one.outcome, one.evidence.seeds) == (two.outcome, two.evidence.seeds)


@settings(max_examples=60, deadline=None)
@given(values=offsets, spread=spreads)
def test_lower_is_better_mirrors_higher_is_better(values: list[float], spread: float) -> None:
    one = judge(claim_with(spread), values)
    two = judge(claim_with(spread, kind=Kind.AT_MOST), [-x for x in values])
    assert (one.outcome, one.evidence.seeds) == (two.outcome, two.evidence.seeds)
    assert one.evidence.pass_line is not None
    assert two.evidence.pass_line == -one.evidence.pass_line


@settings(max_examples=40, deadline=None)
@given(values=offsets, order=st.permutations(TEN))
def test_the_order_of_references_does_not_matter(values: list[float], order: list[float]) -> None:
    claim = replace(NOISY, target=0.0, margin=0.5)
    assert judge(claim, values, order) == judge(claim, values, TEN)


@settings(max_examples=60, deadline=None)
@given(values=offsets, spread=spreads, more=offsets)
def test_nobody_gets_a_second_chance(values: list[float], spread: float, more: list[float]) -> None:
    claim = claim_with(spread)
    verdict = judge(claim, values)
    if verdict.outcome is not OPEN:
        assert judge(claim, [*values, *more, NAN]) == verdict


@settings(max_examples=60, deadline=None)
@given(values=offsets, spread=spreads, at=st.integers(0, 9))
def test_a_diverged_run_never_helps(values: list[float], spread: float, at: int) -> None:
    claim = claim_with(spread)
    diverged = [NAN if i == at else x for i, x in enumerate(values)]
    if judge(claim, diverged).outcome is PASS:
        assert judge(claim, values).outcome is PASS
    else:
        assert judge(claim, diverged).outcome is FAIL or at >= len(values)


EXACT = replace(CALM, kind=Kind.EXACT)
STATED = replace(CALM, status=Status.PROPOSED)


@pytest.mark.parametrize(
    ("claims", "share"),
    [
        ([], 1),
        ([EXACT], 1),
        ([CALM, NOISY, EXACT], 2),
        ([CALM, *[STATED] * 200], 1),
        ([STATED, STATED], 2),
        ([EXACT, STATED, STATED], 2),
    ],
)
def test_proposals_move_no_line_of_accepted_claims(claims: list[Claim], share: int) -> None:
    assert judged_together(claims) == share
