"""Charts as SVG text whose colours are the page's CSS variables, so that one chart serves light and dark."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

INK, MUTED, RULE, SURFACE = "var(--ink)", "var(--muted)", "var(--rule)", "var(--surface)"
WIDTH, HEIGHT = 256, 170  # of the plot; with its axis as wide as a phone, so that text keeps its size there
LABEL_SIZE = 12
STEP_TICKS, VALUE_TICKS = 4, 6
VALUE_AXIS = 26  # of the value axis, so that plots side by side begin at the same place
SHAPES = ("circle", "diamond", "square", "triangle-up")


@dataclass(frozen=True)
class Curves:
    """The evaluations of some runs and what they are held against, all in the axis' unit.

    Attributes:
      lines: for each run its (step, value) pairs.
      finals: the value of each run's finished model that is judged, drawn after the last step.
      documented: the documented value, where it is of this metric.
      pass_line: the mean that passes, likewise.
    """

    lines: tuple[tuple[tuple[int, float], ...], ...]
    finals: tuple[float, ...] = ()
    documented: float | None = None
    pass_line: float | None = None

    @property
    def values(self) -> list[float]:
        """Every value that must fit on the axis."""
        if not self.lines:
            return []
        levels = [level for level in (self.documented, self.pass_line) if level is not None]
        return [value for line in self.lines for _, value in line] + list(self.finals) + levels

    @property
    def last_step(self) -> int:
        """The step of the last evaluation, 0 without any."""
        return max((step for line in self.lines for step, _ in line), default=0)


@dataclass(frozen=True)
class Model:
    """A deployed file in the chart of accuracy against size: every seed, in the axes' units."""

    colour: str
    shape: str
    sizes: tuple[float, ...]
    accuracies: tuple[float, ...]


@functools.lru_cache(maxsize=256)  # several requests of a rehearsal share their trials
def learning_curves(curves: Curves, *, colour: str, title: str, domain: tuple[float, float]) -> str:
    """One line a run, with the documented value solid and the pass line dashed across.

    Args:
      colour: CSS colour of the runs.
      title: the metric and its unit.
      domain: ends of the value axis; the same for charts that are compared.
    """
    import altair as alt

    axis = alt.Axis(grid=False, tickCount=STEP_TICKS, format="~s")
    x = alt.X("step:Q", title="steps", axis=axis, scale=alt.Scale(zero=True, nice=False))
    y = alt.Y("value:Q", title=None, axis=_value_axis(), scale=_scale(domain))
    lines = alt.Chart(_data(_evaluations(curves))).encode(x=x, y=y, detail="run:N")
    finals = alt.Chart(_data([{"step": curves.last_step, "value": value} for value in curves.finals]))
    return _svg(
        lines.mark_line(color=colour, opacity=0.55, strokeWidth=1.5),
        lines.mark_point(color=colour, opacity=0.8, size=12, filled=True),
        finals.mark_point(shape="diamond", color=colour, size=40, opacity=0.8, xOffset=12).encode(x=x, y=y),
        *_levels(curves, domain),
        title=title,
    )


def accuracy_against_size(models: Sequence[Model], *, titles: tuple[str, str]) -> str:
    """Every seed as a faint point and the mean of each file as a strong one.

    Args:
      titles: what size and accuracy are, with their units.
    """
    import altair as alt

    x = alt.X("size:Q", title=titles[0], axis=alt.Axis(tickCount=STEP_TICKS), scale=alt.Scale(zero=True))
    values = [value for model in models for value in model.accuracies]
    y = alt.Y("accuracy:Q", title=None, axis=_value_axis(), scale=_scale(padded(values)))
    layers = [layer.encode(x=x, y=y) for faint in (True, False) for layer in _points(models, faint=faint)]
    return _svg(*layers, title=titles[1], height=230)


def padded(values: Sequence[float], most: float | None = None) -> tuple[float, float]:
    """An axis that holds the values with a little air, at most up to `most`."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    air = 0.08 * (high - low) or 1.0
    return low - air, high + air if most is None else min(high + air, most)


def _evaluations(curves: Curves) -> list[dict[str, float]]:
    return [
        {"run": run, "step": step, "value": value}
        for run, line in enumerate(curves.lines)
        for step, value in line
    ]


def _levels(curves: Curves, domain: tuple[float, float]) -> list[alt.Chart]:
    import altair as alt

    y = alt.Y("value:Q", title=None, axis=_value_axis(), scale=_scale(domain))
    return [
        alt.Chart(_data([{"value": level}]))
        .mark_rule(color=INK, strokeDash=dash, strokeWidth=1.5)
        .encode(y=y)
        for level, dash in ((curves.documented, [1, 0]), (curves.pass_line, [4, 3]))
        if level is not None
    ]


def _points(models: Sequence[Model], *, faint: bool) -> list[alt.Chart]:
    import altair as alt

    look: dict[str, Any] = (
        {"size": 28, "opacity": 0.4, "strokeWidth": 0} if faint else {"size": 120, "opacity": 1}
    )
    return [
        alt.Chart(_data(_seeds(model) if faint else _mean(model))).mark_point(
            filled=True, shape=model.shape, fill=model.colour, stroke=SURFACE, **look
        )
        for model in models
    ]


def _seeds(model: Model) -> list[dict[str, float]]:
    pairs = zip(model.sizes, model.accuracies, strict=True)
    return [{"size": size, "accuracy": accuracy} for size, accuracy in pairs]


def _mean(model: Model) -> list[dict[str, float]]:
    count = len(model.sizes)
    return [{"size": sum(model.sizes) / count, "accuracy": sum(model.accuracies) / count}]


def _svg(*layers: alt.Chart, title: str, height: int = HEIGHT) -> str:
    """The layers in one plot in the page's own colours and letters; equal input, equal text."""
    import altair as alt

    heading = alt.TitleParams(
        title, anchor="start", color=MUTED, fontSize=LABEL_SIZE, fontWeight="normal", offset=8
    )
    chart = alt.layer(*layers, title=heading, width=WIDTH, height=height)
    text = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFontSize": LABEL_SIZE,
        "titleFontSize": LABEL_SIZE,
    }
    styled = (
        chart.configure(aria=False, background="transparent", font="inherit")
        .configure_view(stroke=None)
        .configure_axis(
            **text, titleFontWeight="normal", gridColor=RULE, domain=False, ticks=False, labelPadding=6
        )
    )
    svg = io.StringIO()
    styled.save(svg, format="svg")
    return svg.getvalue()


def _scale(domain: tuple[float, float]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=list(domain), nice=False, zero=False)


def _value_axis() -> alt.Axis:
    import altair as alt

    return alt.Axis(tickCount=VALUE_TICKS, minExtent=VALUE_AXIS)


def _data(rows: Sequence[Mapping[str, float]]) -> alt.InlineData:
    import altair as alt

    return alt.InlineData(values=[dict(row) for row in rows])
