"""Learning curves as Mermaid text, which GitHub draws; knows numbers, and the name of one axis.

Mermaid spreads a line's points evenly over the axis, so that every line is resampled to the same steps.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from release_tools.page.charts import Curves

POINTS = 30  # of a line: more cannot be told apart at the width of a comment
SEEDS = 5  # lines that are drawn one a seed; of more, the lowest, the mean and the highest at each step
COLOURS = {"seed": "#2f81f7", "documented": "#d29922", "pass": "#8b949e"}  # readable on white and on black

TITLE = 60
NOT_OF_A_NAME = re.compile(r"[^\w ,.%()/-]", re.ASCII)

Line = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Chart:
    """A fence to put into a comment, and what its lines are."""

    fence: str
    lines: str


def chart(curves: Curves, *, title: str, domain: tuple[float, float]) -> Chart | None:
    """The curves with the levels they are held against; None where there is no line to draw.

    Args:
      title: of the value axis, with its unit; of other characters than a name has, nothing is left.
      domain: ends of the value axis, if nothing lies outside.
    """
    usable = [line for line in curves.lines if line and line[0][0] < line[-1][0]]
    if not usable:
        return None
    last = max(line[-1][0] for line in usable)
    whole = [line for line in usable if line[-1][0] == last]
    steps = _steps(whole)
    drawn = _drawn([_at(line, steps) for line in whole])
    levels = {"documented": curves.documented, "pass": curves.pass_line}
    flat = {name: value for name, value in levels.items() if value is not None and math.isfinite(value)}
    plotted = [*drawn, *([value] * len(steps) for value in flat.values())]
    colours = [COLOURS["seed"]] * len(drawn) + [COLOURS[name] for name in flat]
    return Chart(_fence(plotted, colours, title, steps, domain), _told(len(whole), len(usable), flat))


def _steps(lines: Sequence[Line]) -> list[int]:
    """Evenly spaced steps, as many as the finest line has, within reason."""
    first, last = max(line[0][0] for line in lines), lines[0][-1][0]
    count = min(max(len(line) for line in lines), POINTS)
    return [round(first + (last - first) * index / (count - 1)) for index in range(count)]


def _at(line: Line, steps: Sequence[int]) -> list[float]:
    """The line's values at these steps, straight between its points."""
    return [_value(line, step) for step in steps]


def _value(line: Line, step: int) -> float:
    after = bisect_left(line, step, key=lambda point: point[0])
    if after == 0:
        return line[0][1]
    (x0, y0), (x1, y1) = line[after - 1], line[min(after, len(line) - 1)]
    return y1 if x1 == x0 else y0 + (y1 - y0) * (step - x0) / (x1 - x0)


def _drawn(lines: list[list[float]]) -> list[list[float]]:
    if len(lines) <= SEEDS:
        return lines
    columns = list(zip(*lines, strict=True))
    return [[min(c) for c in columns], [math.fsum(c) / len(c) for c in columns], [max(c) for c in columns]]


def _fence(
    plotted: list[list[float]],
    colours: list[str],
    title: str,
    steps: Sequence[int],
    domain: tuple[float, float],
) -> str:
    values = [value for line in plotted for value in line]
    name = " ".join(NOT_OF_A_NAME.sub(" ", title).split())[:TITLE]
    low, high = min(domain[0], *values), max(domain[1], *values)
    palette = ", ".join(colours)
    lines = [f"    line [{', '.join(f'{value:.4g}' for value in line)}]" for line in plotted]
    return "\n".join(
        [
            "```mermaid",
            "---",
            "config:",
            "  xyChart:",
            "    height: 320",
            "  themeVariables:",
            "    xyChart:",
            "      backgroundColor: transparent",
            f'      plotColorPalette: "{palette}"',
            "---",
            "xychart-beta",
            f'    x-axis "training step" {steps[0]} --> {steps[-1]}',
            f'    y-axis "{name}" {low:.4g} --> {high:.4g}',
            *lines,
            "```\n",
        ]
    )


def _told(whole: int, usable: int, flat: dict[str, float]) -> str:
    """What the colours stand for; Mermaid draws no legend."""
    seeds = "one seed" if whole == 1 else f"one line for each of {whole} seeds"
    if whole > SEEDS:
        seeds = f"lowest, mean and highest of {whole} seeds"
    parts = [f"🟦 {seeds}"]
    if "documented" in flat:
        parts.append("🟨 documented")
    if "pass" in flat:
        parts.append("⬜ pass line")
    if usable > whole:
        parts.append(f"not drawn: {usable - whole} that ended early")
    return " · ".join(parts)
