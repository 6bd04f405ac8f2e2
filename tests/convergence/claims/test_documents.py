"""Numbers as documents write them, and claims that disagree with what they quote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from convergence.claims.documents import numbers, problems
from convergence.model import Claim, Kind, Statement

QUOTED = Statement("docs/guide.md", {"Accuracy": "71.06%", "Float": "71.03%"}, "Results", ("MobileNet",))
CLAIM = Claim(
    technique="quantization",
    recipe="tiny",
    name="accuracy",
    kind=Kind.AT_LEAST,
    metric="accuracy",
    target=71.06,
    margin=0.5,
    source="a guide",
    measured="one run",
    documented=(QUOTED,),
    documented_baseline=71.03,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("71.06%", ("71.06",)),
        ("29.50", ("29.5",)),
        ("74%", ("74",)),
        ("100", ("100",)),
        ("7.69, 8", ("7.69", "8")),
        ("16, 16, 16", ("16", "16", "16")),
        ("reaches 0.7513.", ("0.7513",)),
        ("(Fake INT8) 94.721%", ("94.721",)),
        ("528,128 → 434,879 (17.66%)", ("528128", "434879", "17.66")),
        ("0.74.43", ("0.74.43",)),
        ("MobileNetV3.5, v2, float32, 224x224, mobilenet_v2_1.00", ()),
        ("71,06", ()),
        ("1,234,56", ()),
        ("٣.٤", ()),
        ("", ()),
    ],
)
def test_numbers_are_read_as_documents_write_them(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("kind", "target", "quoted"),
    [
        (Kind.AT_LEAST, 71.06, "71.06%"),
        (Kind.AT_LEAST, 72.79, "reaches to accuracy 0.7279 after 43 hours"),
        (Kind.AT_LEAST, 74.43, "reaches to accuracy 0.74.43"),
        (Kind.SIZE, 8063549.0, "7.69"),
        (Kind.SIZE, 2869600.0, "4,569,416 → 2,869,600 (37.20%)"),
        (Kind.PAIRED, 0.0, "reaches the float version"),
        (Kind.EXACT, 50.0, "half"),
    ],
)
def test_a_target_is_what_is_quoted(kind: Kind, target: float, quoted: str) -> None:
    statement = replace(QUOTED, cells={"Accuracy": quoted})
    claim = replace(CLAIM, kind=kind, target=target, documented=(statement,), documented_baseline=None)
    assert list(problems(claim)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"target": 71.16}, ("target", "71.16 is not among what is documented: 71.06%; 71.03%")),
        ({"documented_baseline": 71.3}, ("documented_baseline", "71.3 is not among what is documented")),
        (
            {"documented": (), "documented_baseline": float("nan")},
            ("documented_baseline", "is no finite number"),
        ),
        ({"sigma_from": "a paper"}, ("sigma_from", "says where no sigma is from")),
        (
            {"documented": (replace(QUOTED, path="/etc/passwd"),)},
            ("documented.path", "is a path inside the repository, as docs/guide.md"),
        ),
        (
            {"documented": (replace(QUOTED, path="a/../../b.md"),)},
            ("documented.path", "is a path inside the repository, as docs/guide.md"),
        ),
        ({"documented": (QUOTED, replace(QUOTED, cells={}))}, ("documented.cells", "quotes nothing")),
    ],
)
def test_what_disagrees_is_said(change: dict[str, Any], problem: tuple[str, str]) -> None:
    assert list(problems(replace(CLAIM, **change))) == [problem]
