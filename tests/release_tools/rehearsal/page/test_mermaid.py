"""Charts drawn by Mermaid itself, and what is shown where it cannot draw."""

from __future__ import annotations

import base64
import os
import re
import sys

import pytest

from release_tools.page.charts import Curves
from release_tools.rehearsal.page import mermaid
from release_tools.report import mermaid as comments

CURVES = Curves(lines=(((0, 10.0), (100, 90.0)), ((0, 12.0), (100, 91.0))), documented=92.0, pass_line=88.0)
FLOW = "flowchart LR\n A[Pull request] -->|/converge| B{Reproduced?}\n B --yes--> C[Release]\n"


def drawing() -> None:
    """Mermaid is there; without it only a developer's machine may skip."""
    if not os.environ.get("CI"):
        pytest.importorskip("mermaidx")


def ours() -> str:
    """The text of a chart as our comments hold it."""
    chart = comments.chart(CURVES, title="accuracy, %", domain=(0.0, 100.0))
    assert chart
    return chart.fence.removeprefix("```mermaid\n").removesuffix("```\n")


def test_our_curves_are_drawn_line_for_line_in_their_colours() -> None:
    drawing()
    svg = mermaid.picture(ours(), "default")
    assert len(re.findall(r'class="line-plot-\d', svg)) == 4
    for colour, lines in ((comments.COLOURS["seed"], 2), (comments.COLOURS["documented"], 1)):
        assert svg.count(f'stroke="{colour}"') == lines
    assert "training step" in svg
    assert "accuracy, %" in svg


def test_light_and_dark_differ_and_each_drawing_is_the_same_again() -> None:
    drawing()
    light, dark = (mermaid.picture(ours(), theme) for theme in mermaid.THEMES.values())
    assert light != dark
    mermaid.picture.cache_clear()
    assert mermaid.picture(ours(), "default") == light


def test_a_flowchart_is_drawn_with_plain_text() -> None:
    drawing()
    svg = mermaid.picture(FLOW, "default")
    assert "Reproduced?" in re.sub(r"<[^>]*>", "", svg)
    assert "foreignObject" not in svg


def test_what_is_no_mermaid_is_shown_as_its_text() -> None:
    shown = mermaid.figure("nonsense <b>\n")
    assert "<img" not in shown
    assert "<pre><code>nonsense &lt;b&gt;</code></pre>" in shown


def test_without_mermaid_the_text_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    mermaid.picture.cache_clear()
    monkeypatch.setitem(sys.modules, "mermaidx", None)
    shown = mermaid.figure(FLOW)
    mermaid.picture.cache_clear()
    assert "<img" not in shown
    assert "A Mermaid chart, as text" in shown
    assert "Reproduced?" in shown


def test_a_chart_that_would_take_minutes_is_not_drawn() -> None:
    long = "flowchart LR\n" + "".join(f" n{i} --> n{i + 1}\n" for i in range(mermaid.LONGEST // 8))
    assert mermaid.picture(long, "default") == ""


@pytest.mark.usefixtures("undrawn")
def test_a_picture_has_its_size_a_dark_twin_and_words() -> None:
    shown = mermaid.figure(ours())
    (image,) = re.findall(r"<img [^>]*>", shown)
    assert 'width="700" height="320"' in image
    assert 'alt="Chart of accuracy, %, drawn by Mermaid (xychart-beta); its text follows"' in image
    assert '<source media="(prefers-color-scheme: dark)" srcset="data:image/svg+xml;base64,' in shown
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', image)
    assert address
    assert base64.b64decode(address[1]).startswith(b"<svg ")


@pytest.mark.usefixtures("undrawn")
def test_the_words_of_a_chart_cannot_end_them() -> None:
    shown = mermaid.figure('xychart-beta\n y-axis "a\'><script>" 0 --> 1\n')
    assert "<script" not in shown
