"""Charts as text: what is drawn, in the page's colours, the same each time."""

from __future__ import annotations

import re

import pytest

from release_tools.page import charts

CURVES = charts.Curves(
    lines=(((100, 90.0), (200, 95.0)), ((100, 91.0), (200, 96.0)), ((200, 94.0),)),
    finals=(95.5, 96.5),
    documented=96.2,
    pass_line=95.1,
)
MODELS = [
    charts.Model("var(--series-0)", "circle", (1.5, 1.5), (96.0, 97.0)),
    charts.Model("var(--series-1)", "diamond", (0.4, 0.4), (95.0, 96.0)),
]
THEMED = {"var(--ink)", "var(--muted)", "var(--rule)", "var(--surface)", "none", "transparent"}


def curves(shown: charts.Curves = CURVES, title: str = "accuracy, %") -> str:
    return charts.learning_curves(shown, colour="var(--series-1)", title=title, domain=(89.0, 98.0))


def strokes(svg: str, mark: str) -> list[str]:
    """The marks of one kind, each as its tag."""
    return [
        tag
        for tag in re.findall(r"<(?:path|line)[^>]*>", _group(svg, mark))
        if "stroke=" in tag or "fill=" in tag
    ]


def _group(svg: str, mark: str) -> str:
    return "".join(re.findall(rf'<g class="{mark}[^"]*"[^>]*>(.*?)</g>', svg, flags=re.DOTALL))


def test_every_seed_is_a_line_and_every_level_a_rule() -> None:
    svg = curves()
    assert len(strokes(svg, "mark-line")) == 3
    assert len([tag for tag in strokes(svg, "mark-rule role-mark") if "var(--ink)" in tag]) == 2
    assert svg.count('stroke-dasharray="4,3"') == 1


def test_without_a_claim_there_are_no_levels() -> None:
    svg = curves(charts.Curves(CURVES.lines))
    assert "var(--ink)" not in svg
    assert len(strokes(svg, "mark-line")) == 3


@pytest.mark.parametrize("svg", [curves(), charts.accuracy_against_size(MODELS, titles=("MB", "%"))])
def test_all_colours_are_the_pages(svg: str) -> None:
    found = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
    assert {colour for colour in found if not colour.startswith("var(--series-")} <= THEMED


def test_every_seed_and_every_mean_is_a_mark() -> None:
    svg = charts.accuracy_against_size(MODELS, titles=("MB", "%"))
    assert len(strokes(svg, "mark-symbol")) == 4 + 2


def test_equal_input_gives_equal_text() -> None:
    assert curves() == curves()


def test_text_from_outside_is_escaped() -> None:
    svg = curves(title="<script>alert(1)</script> & \"'")
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


@pytest.mark.parametrize("shown", [charts.Curves(()), charts.Curves((((100, 50.0),),))])
def test_little_data_is_no_error(shown: charts.Curves) -> None:
    assert curves(shown).startswith("<svg")


@pytest.mark.parametrize(
    ("values", "most", "domain"),
    [
        ([90.0, 100.0], None, (89.2, 100.8)),
        ([90.0, 100.0], 100.0, (89.2, 100.0)),
        ([96.0], None, (95.0, 97.0)),
        ([], None, (-0.08, 1.08)),
    ],
)
def test_an_axis_leaves_a_little_air(
    values: list[float], most: float | None, domain: tuple[float, float]
) -> None:
    assert charts.padded(values, most) == pytest.approx(domain)
