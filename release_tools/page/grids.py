"""The tables of the report as texts: what the models are like, layer by layer, and what the trials cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convergence.model import PERCENT
from release_tools.page import figures
from release_tools.page.runs import TFLITE, Runs, Spread, spread


@dataclass(frozen=True)
class Grid:
    """A table with a row head, columns and texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Layers:
    """The weights of each layer of one deployed file."""

    name: str
    conversion: str
    seeds: int
    grid: Grid


def properties(groups: Sequence[Runs]) -> Grid:
    """Every metric but those in the chart of accuracy against size, a column a recipe."""
    metrics = dict.fromkeys(
        metric for runs in groups for metric in runs.metrics if not _in_size_chart(metric)
    )
    rows = [
        (figures.words(metric), tuple(_spread(metric, runs.spread(metric), groups) for runs in groups))
        for metric in metrics
    ]
    if any(runs.layers for runs in groups):
        rows.append(("most unique weights in a layer", tuple(_most_unique(runs) for runs in groups)))
    return Grid(tuple(figures.label(groups, runs) for runs in groups), tuple(rows))


def _in_size_chart(metric: str) -> bool:
    return metric.startswith(TFLITE) and metric.endswith(("_accuracy", "_zip_bytes"))


def _most_unique(runs: Runs) -> str:
    found = spread(row["unique_weights"].high for row in runs.layers.values() if "unique_weights" in row)
    return "–" if found is None else value("unique_weights", found.high)


def layers(groups: Sequence[Runs], runs: Runs) -> Iterator[Layers]:
    """A table for each deployed file; layers are stored as `file layer`."""
    rows = runs.layers
    for conversion in dict.fromkeys(layer.partition(" ")[0] for layer in rows):
        of_file = {name: row for name, row in rows.items() if name.partition(" ")[0] == conversion}
        columns = tuple(dict.fromkeys(name for row in of_file.values() for name in row))
        texts = tuple(
            (layer.partition(" ")[2], tuple(_spread(name, row.get(name), groups) for name in columns))
            for layer, row in of_file.items()
        )
        grid = Grid(tuple(figures.words(name) for name in columns), texts)
        yield Layers(figures.label(groups, runs), conversion, len(runs.healthy), grid)


def cost(groups: Sequence[Runs]) -> Grid:
    """Time by phase, a column a recipe, with sums."""
    phases = dict.fromkeys(phase for runs in groups for phase in runs.seconds)
    rows = [(phase, [runs.seconds.get(phase, 0.0) for runs in groups]) for phase in phases]
    sums = [sum(runs.seconds.values()) for runs in groups]
    each = [
        total / len(runs.trials) if runs.trials else 0.0 for total, runs in zip(sums, groups, strict=True)
    ]
    texts = [(head, (*map(_spent, times), _spent(sum(times)))) for head, times in [*rows, ("in all", sums)]]
    count = sum(len(runs.trials) for runs in groups)
    texts.append(("a trial", (*map(_spent, each), _spent(sum(sums) / count if count else 0.0))))
    return Grid((*(figures.label(groups, runs) for runs in groups), "in all"), tuple(texts))


def _spent(seconds: float) -> str:
    return duration(seconds) if seconds else "–"


def _spread(metric: str, found: Spread | None, groups: Sequence[Runs]) -> str:
    """Mean, and the range where there is one."""
    if found is None:
        return "–"
    mean, low, high = (value(metric, number, groups) for number in (found.mean, found.low, found.high))
    return mean if low == high else f"{mean} ({low} to {high})"


def value(metric: str, found: float, groups: Sequence[Runs] = ()) -> str:
    """A metric's value with the digits and the unit that it deserves."""
    if figures.is_fraction(metric, groups):
        return f"{PERCENT * found:.2f} %"
    if metric.endswith("bytes"):
        return f"{found:,.0f} bytes"
    return f"{found:,.0f}" if found == round(found) or abs(found) >= 1000 else f"{found:.4g}"


def duration(seconds: float) -> str:
    """Seconds as people say them: `47.7 s`, `12 min 5 s`, `3 h 20 min`."""
    whole = round(seconds)
    if seconds < 100:
        return f"{seconds:.1f} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
