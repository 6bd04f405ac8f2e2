from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from convergence.model import Claim, Kind
from convergence.verdict import judge

TEN = (0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1)
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
    references=tuple(71.33 + 0.95 * x for x in TEN),
)
NOISY = replace(CALM, references=tuple(71.33 + 2.3 * x for x in TEN))
IDENTICAL = replace(CALM, references=(71.3,) * 5)
PERCENT = replace(CALM, unit="%")
FRACTION = replace(CALM, target=0.7133, margin=0.005, references=tuple(0.7133 + 0.0095 * x for x in TEN))
LATENCY = replace(CALM, kind=Kind.LATENCY, target=0.6, margin=0.05, references=(), sigma=0.02, sigma_dof=8)
SIZE = replace(CALM, kind=Kind.SIZE, target=1_230_000, margin=10_000, unit="bytes")
SPARSITY = replace(CALM, kind=Kind.EXACT, target=0.5, margin=0.01)
WEIGHTS = replace(CALM, kind=Kind.EXACT, target=16, margin=0, unit="weights")
MIDWAY = (71.38, 70.78) * 6


SURE = "false pass ≤ 5 %, false fail ≤ 5 %"


@pytest.mark.parametrize(
    ("claim", "values", "line"),
    [
        (
            CALM,
            [71.21],
            "PASS — 1 seed, 71.21 ≥ pass line 71.07 "
            f"(documented 71.33, margin 0.50, σ 0.10 from 10 runs); {SURE}",
        ),
        (
            PERCENT,
            [71.21],
            "PASS — 1 seed, 71.21 % ≥ pass line 71.07 % "
            f"(documented 71.33, margin 0.50, σ 0.10 from 10 runs); {SURE}",
        ),
        (
            FRACTION,
            [0.7121],
            "PASS — 1 seed, 0.7121 ≥ pass line 0.7107 "
            f"(documented 0.7133, margin 0.0050, σ 0.0010 from 10 runs); {SURE}",
        ),
        (
            IDENTICAL,
            [71.1],
            "PASS, but measurably lower — 1 seed, 71.10 ≥ pass line 70.83 "
            f"(documented 71.33, margin 0.50, σ 0 from 5 runs); {SURE}",
        ),
        (
            replace(IDENTICAL, kind=Kind.AT_MOST),
            [71.5],
            "PASS, but measurably higher — 1 seed, 71.50 ≤ pass line 71.83 "
            f"(documented 71.33, margin 0.50, σ 0 from 5 runs); {SURE}",
        ),
        (
            NOISY,
            [71.21, 71.3, 71.5],
            "PASS — 2 seeds, mean 71.25 ≥ pass line 71.21 "
            f"(documented 71.33, margin 0.50, σ 0.23 from 12 runs); {SURE}",
        ),
        (
            NOISY,
            [71.21, 70, 70],
            "FAIL — 2 seeds, mean 70.60 < fail line 70.74 "
            f"(documented 71.33, margin 0.50, σ 0.36 from 12 runs); {SURE}",
        ),
        (
            NOISY,
            [71.21],
            "INCONCLUSIVE — 1 seed, 71.21 between fail line 70.76 and pass line 71.40 "
            "(documented 71.33, margin 0.50, σ 0.24 from 10 runs); next look at 2 seeds",
        ),
        (
            NOISY,
            MIDWAY[:7],
            "INCONCLUSIVE — 7 seeds, mean 71.12 between fail line 71.00 and pass line 71.16 "
            "(documented 71.33, margin 0.50, σ 0.28 from 17 runs); "
            "undecided at the last planned look (7 seeds)",
        ),
        (
            NOISY,
            MIDWAY,
            "INCONCLUSIVE — 7 seeds, mean 71.12 between fail line 71.00 and pass line 71.16 "
            "(documented 71.33, margin 0.50, σ 0.28 from 17 runs); "
            "undecided at the last planned look (7 seeds); 5 extra not judged",
        ),
        (
            LATENCY,
            [0.62],
            "INCONCLUSIVE — 1 seed, 0.620 between pass line 0.607 and fail line 0.643 "
            "(documented ratio 0.600, margin 0.050, σ 0.020 from the literature); next look at 2 seeds",
        ),
        (
            LATENCY,
            [0.63, 0.58],
            "PASS — 2 seeds, mean 0.605 ≤ pass line 0.611 (documented ratio 0.600, margin 0.050, "
            f"σ 0.022 from the literature and 2 runs); {SURE}",
        ),
        (
            replace(CALM, kind=Kind.PAIRED, target=-0.3),
            [-1.2],
            "FAIL — 1 seed, −1.20 < fail line −0.54 "
            f"(documented difference −0.30, margin 0.50, σ 0.10 from 10 runs); {SURE}",
        ),
        (
            replace(CALM, references=()),
            [70.0, 71.0, 72.0, 71.0, 70.0],
            "INCONCLUSIVE — 5 seeds (documented 71.33, margin 0.50, σ 0.84 from 5 runs); σ is 1.68 of the "
            "margin: at least 31 runs are needed, 10 are allowed: widen the margin or add references",
        ),
        (CALM, [], "INCONCLUSIVE — no seeds; next look at 1 seed"),
        (
            CALM,
            [math.nan],
            "FAIL — run 1 of 1 diverged (documented 71.33); a diverged run counts and is not retried",
        ),
        (
            NOISY,
            [71.21, math.nan, 71.3],
            "FAIL — run 2 of 3 diverged (documented 71.33); a diverged run counts and is not retried",
        ),
        (
            SIZE,
            [1234567],
            "PASS — 1 seed, 1,234,567 bytes ≤ 1,240,000 bytes (documented 1,230,000, tolerance 10,000)",
        ),
        (
            SIZE,
            [1234567, 1240001],
            "FAIL — 2 seeds, worst 1,240,001 bytes > 1,240,000 bytes "
            "(documented 1,230,000, tolerance 10,000)",
        ),
        (SIZE, [], "INCONCLUSIVE — no seeds; next look at 1 seed"),
        (SPARSITY, [0.505], "PASS — 1 seed, 0.505 within documented 0.500 ± 0.010"),
        (SPARSITY, [0.5, 0.5104], "FAIL — 2 seeds, worst 0.5104 outside documented 0.5000 ± 0.0100"),
        (WEIGHTS, [16], "PASS — 1 seed, 16 weights = documented 16, exact"),
        (WEIGHTS, [17], "FAIL — 1 seed, 17 weights ≠ documented 16, exact"),
    ],
)
def test_what_a_maintainer_reads(claim: Claim, values: Sequence[float], line: str) -> None:
    assert judge(claim, values).line == line


def test_a_wave_that_is_not_complete_says_what_is_missing() -> None:
    assert judge(NOISY, [71.21, 71.3], looks=(1, 3, 7)).line == (
        "INCONCLUSIVE — 1 seed, 71.21 between fail line 70.82 and pass line 71.34 (documented 71.33, "
        "margin 0.50, σ 0.24 from 10 runs); 2 seeds in hand, next look at 3 seeds"
    )


def test_a_shared_error_is_shown_as_shared() -> None:
    assert judge(PERCENT, [70.9], claims_judged=15).line.endswith("false pass ≤ 5 %, false fail ≤ 0.33 %")


def test_numbers_that_differ_look_different() -> None:
    line = judge(IDENTICAL, [71.3299]).line
    assert line.startswith("PASS, but measurably lower — 1 seed, 71.33 ≥ pass line 70.83")
    line = judge(IDENTICAL, [70.8299]).line
    assert line.startswith("FAIL — 1 seed, 70.83 < fail line 71.33")
    line = judge(replace(SIZE, target=1000.0, margin=5.0), [1005.04]).line
    assert line.startswith("FAIL — 1 seed, 1,005.04 bytes > 1,005.00 bytes")
