"""Which numbers go into which chart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from convergence.model import Kind
from release_tools.page import charts, figures
from release_tools.page.figures import Level
from release_tools.page.runs import group
from release_tools.sandbox import campaigns

REPRODUCED = campaigns.reproduced()
DIVERGED = campaigns.diverged()


def curve_figures(shown: campaigns.Shown) -> list[figures.CurveFigure]:
    return figures.curve_figures(shown.result, group(shown.result, shown.trials))


def test_a_chart_a_recipe_with_the_levels_of_its_claim() -> None:
    uncompressed, pruning, quantization = curve_figures(REPRODUCED)
    assert (uncompressed.name, uncompressed.colour, uncompressed.levels) == (
        "uncompressed",
        "var(--series-0)",
        (),
    )
    assert (pruning.colour, quantization.colour) == ("var(--series-1)", "var(--series-2)")
    assert pruning.levels == (
        Level("diamond", "TFLite float accuracy"),
        Level("solid", "documented 96.20 %"),
        Level("dashed", "pass line 95.53 %"),
    )
    assert quantization.levels == ()  # a difference is not on the axis of accuracies


def test_a_chart_is_told_without_eyes() -> None:
    assert curve_figures(REPRODUCED)[1].alt == (
        "Learning curves of pruning: 3 seeds, 300 steps; accuracy, %, 96.3 to 96.7 at the end; "
        "TFLite float accuracy; documented 96.20 %; pass line 95.53 %."
    )


def test_a_recipe_of_which_nothing_finished_has_no_chart() -> None:
    pruning = curve_figures(DIVERGED)[1]
    assert (pruning.svg, pruning.failed, pruning.levels) == ("", 3, ())


@pytest.mark.parametrize(
    ("change", "levels"),
    [
        ({"metric": "accuracy"}, 3),
        ({"metric": "tflite_float_top_5_accuracy"}, 0),
        ({"metric": "sparsity"}, 0),
        ({"unit": ""}, 0),
        ({"kind": Kind.SIZE}, 0),
    ],
)
def test_levels_are_only_of_the_metric_that_is_drawn(change: dict[str, Any], levels: int) -> None:
    first, *rest = REPRODUCED.result.verdicts
    result = replace(
        REPRODUCED.result, verdicts=(replace(first, claim=replace(first.claim, **change)), *rest)
    )
    shown = figures.curve_figures(result, group(result, REPRODUCED.trials))
    assert [len(figure.levels) for figure in shown] == [0, levels, 0]


def test_every_deployed_file_is_a_row() -> None:
    size = figures.size_figure(group(REPRODUCED.result, REPRODUCED.trials))
    assert size is not None
    assert [
        (row.name, row.conversion, row.shape, row.accuracy, row.size, row.ratio) for row in size.rows
    ] == [
        ("uncompressed", "float", "circle", "96.40 %", "1,500 KB", "–"),
        ("uncompressed", "int8", "diamond", "96.20 %", "460 KB", "3.3×"),
        ("pruning", "float", "circle", "96.10 %", "966 KB", "1.6×"),
        ("quantization", "int8", "diamond", "96.20 %", "462 KB", "3.2×"),
    ]
    assert "pruning float 96.10 % at 966 KB" in size.alt


def test_without_deployed_files_there_is_no_chart() -> None:
    assert figures.size_figure(group(REPRODUCED.result, ())) is None


def test_two_recipes_of_a_technique_are_told_apart() -> None:
    groups = group(REPRODUCED.result, REPRODUCED.trials)
    twin = replace(groups[1], recipe=replace(groups[1].recipe, name="digits-80"))
    both = [*groups, twin]
    assert [figures.label(both, runs) for runs in both] == [
        "uncompressed",
        "pruning digits-50",
        "quantization",
        "pruning digits-80",
    ]
    assert figures.colour(both, twin) == "var(--series-3)"


@pytest.mark.parametrize(
    ("metric", "fraction"),
    [("tflite_int8_accuracy", True), ("sparsity_min_layer", True), ("ranges_moved", True), ("loss", False)],
)
def test_fractions_are_known_by_name_or_by_claim(metric: str, fraction: bool) -> None:
    assert figures.is_fraction(metric, group(REPRODUCED.result, REPRODUCED.trials)) is fraction


@pytest.mark.parametrize(
    ("metric", "said"),
    [("tflite_int8_bytes", "TFLite int8 bytes"), ("top_5_accuracy", "top 5 accuracy"), ("loss", "loss")],
)
def test_metrics_are_said_as_words(metric: str, said: str) -> None:
    assert figures.words(metric) == said


def test_a_technique_begins_at_the_model_it_starts_from(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[charts.Curves] = []
    monkeypatch.setattr(charts, "learning_curves", lambda curves, **how: drawn.append(curves))
    curve_figures(REPRODUCED)
    assert [curves.lines[1] for curves in drawn] == [
        ((100, 91.0), (200, 95.0), (300, 96.5)),
        ((100, 91.0), (200, 95.0), (300, 96.5)),
        ((0, 96.5), (100, 91.0), (200, 95.0), (300, 96.5)),
    ]
    assert drawn[1].finals == pytest.approx((95.9, 96.1, 96.3))
