"""Learning curves as Mermaid text: which lines there are, over which steps, and what is said of them."""

from __future__ import annotations

import re

import pytest

from release_tools.page.charts import Curves
from release_tools.report import mermaid
from release_tools.report.mermaid import Chart, Line

RISING: Line = ((0, 90.0), (100, 94.0), (200, 96.0))


def drawn(*lines: Line, **levels: float) -> Chart | None:
    return mermaid.chart(Curves(lines, (), **levels), title="accuracy, %", domain=(89.0, 97.0))


def values(chart: Chart | None) -> list[list[float]]:
    assert chart
    return [[float(v) for v in row.split(", ")] for row in re.findall(r"line \[(.*)\]", chart.fence)]


def test_a_chart_is_a_fence_that_github_draws() -> None:
    assert drawn(RISING, documented=96.2, pass_line=95.5) == Chart(
        """\
```mermaid
---
config:
  xyChart:
    height: 320
  themeVariables:
    xyChart:
      backgroundColor: transparent
      plotColorPalette: "#2f81f7, #d29922, #8b949e"
---
xychart-beta
    x-axis "training step" 0 --> 200
    y-axis "accuracy, %" 89 --> 97
    line [90, 94, 96]
    line [96.2, 96.2, 96.2]
    line [95.5, 95.5, 95.5]
```
""",
        "🟦 one seed · 🟨 documented · ⬜ pass line",
    )


@pytest.mark.parametrize("lines", [(), ((),), (((300, 95.0),),), (((300, 95.0), (300, 96.0)),)])
def test_what_is_no_line_is_not_drawn(lines: tuple[Line, ...]) -> None:
    assert drawn(*lines) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((RISING, RISING), [[90, 94, 96], [90, 94, 96]]),
        ((RISING, ((0, 80.0), (200, 90.0))), [[90, 94, 96], [80, 85, 90]]),  # straight between its points
        ((RISING, ((100, 80.0), (200, 90.0))), [[94, 95, 96], [80, 85, 90]]),  # where both are known
        ((((0, 90.0), (10, 92.0), (200, 96.0)),), [[90, 93.89, 96]]),  # evenly spaced, as Mermaid has it
    ],
)
def test_lines_share_evenly_spaced_steps(lines: tuple[Line, ...], expected: list[list[float]]) -> None:
    assert values(drawn(*lines)) == expected


def test_a_run_that_ended_early_is_told_of() -> None:
    chart = drawn(RISING, RISING[:2])
    assert values(chart) == [[90, 94, 96]]
    assert chart
    assert chart.lines == "🟦 one seed · not drawn: 1 that ended early"


def test_of_many_seeds_there_are_the_extremes_and_the_mean() -> None:
    many = [tuple((step, value + seed) for step, value in RISING) for seed in range(20)]
    chart = drawn(*many)
    assert values(chart) == [[90, 94, 96], [99.5, 103.5, 105.5], [109, 113, 115]]
    assert chart
    assert chart.lines == "🟦 lowest, mean and highest of 20 seeds"
    assert "89 --> 115" in chart.fence


def test_long_curves_are_thinned_out() -> None:
    (line,) = values(drawn(tuple((step, step / 100) for step in range(0, 10_001, 10))))
    assert (len(line), line[0], line[-1]) == (mermaid.POINTS, 0, 100)


def test_levels_that_are_no_number_are_left_out() -> None:
    chart = drawn(RISING, documented=float("nan"), pass_line=95.5)
    assert chart
    assert chart.lines == "🟦 one seed · ⬜ pass line"
