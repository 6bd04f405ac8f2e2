"""The rehearsal's page in a real Chromium: light, dark and on a phone, for eyes, keyboards and readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rehearsed
from page_in_browser import SCREENS, STANDARDS, shown

from release_tools.rehearsal.page import document

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]  # asyncio's own pipe is a socket


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with every part, a real report of ours among its comments, and a hostile one."""
    report = Path(__file__).parents[3] / "golden" / "comment-reproduced-smoke.md"
    made = rehearsed.played(tmp_path_factory.mktemp("played"), report.read_text(encoding="utf-8"))
    return document.render(made.summary(passed=False))


@pytest.fixture(params=list(SCREENS))
def tab(request: pytest.FixtureRequest, browser: Any, tmp_path: Path, page: str) -> Iterator[Any]:
    with shown(browser, tmp_path / document.NAME, page, request.param) as tab:
        yield tab


@pytest.fixture
def light(browser: Any, tmp_path: Path, page: str) -> Iterator[Any]:
    with shown(browser, tmp_path / document.NAME, page, "light") as tab:
        yield tab


def test_nothing_is_wider_than_the_screen(tab: Any) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    outside = """[...document.querySelectorAll('body *')]
      .filter(e => !e.closest('.scroll, .away') && e.getBoundingClientRect().right > window.innerWidth + 1)
      .map(e => e.outerHTML.slice(0, 80))"""
    assert tab.evaluate(outside) == []


@pytest.mark.parametrize("screen", ["light", "phone"])
def test_long_words_stay_on_the_screen(browser: Any, tmp_path: Path, screen: str) -> None:
    made = rehearsed.played(tmp_path)
    summary = rehearsed.respelled(made.summary(passed=False), lambda text: text + "W" * 120)
    with shown(browser, tmp_path / document.NAME, document.render(summary), screen) as tab:
        test_nothing_is_wider_than_the_screen(tab)


def test_nothing_is_inaccessible(tab: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab, options={"runOnly": STANDARDS})
    assert found.response["violations"] == [], found.generate_report()
    assert any(rule["id"] == "color-contrast" for rule in found.response["passes"])


def test_signs_and_marks_stand_out_from_their_ground(tab: Any) -> None:
    """WCAG 1.4.11: what tells a state by its colour has a contrast of 3 to 1."""
    measured = tab.evaluate(CONTRASTS)
    assert len(measured) > 20
    assert [one for one in measured if one["ratio"] < 3] == []


def test_the_steps_are_a_row_or_on_a_phone_a_column(tab: Any) -> None:
    boxes = tab.evaluate("[...document.querySelectorAll('.track li')].map(e => e.getBoundingClientRect())")
    lefts, tops = {round(box["left"]) for box in boxes}, {round(box["top"]) for box in boxes}
    phone = tab.viewport_size["width"] < 500
    assert (len(lefts), len(tops)) == ((1, 7) if phone else (7, 1))


def test_hostile_text_did_nothing(light: Any) -> None:
    assert light.title() == "Pruning of digits, from pull request to pip – Held: not reproduced"
    assert light.evaluate("getComputedStyle(document.body).display") == "block"
    assert light.locator("main form, main input, main iframe, main button").count() == 0
    assert light.locator("main .card .body").filter(has_text="@everybody").count() == 1


def test_charts_of_comments_are_drawn_in_both_schemes(tab: Any) -> None:
    """Mermaid's pictures are decoded by the browser; without Mermaid there are none."""
    pytest.importorskip("mermaidx")
    pictures = tab.locator(".mermaid img")
    pictures.evaluate_all("all => Promise.all(all.map(one => one.decode()))")
    assert pictures.evaluate_all("all => all.map(one => one.naturalWidth > 100)") == [True] * 2
    dark = tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert pictures.evaluate_all("all => all.map(one => one.currentSrc !== one.src)") == [dark] * 2


def test_the_keyboard_reaches_and_opens_everything(light: Any) -> None:
    light.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    light.keyboard.press("Tab")
    assert light.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert light.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    for _ in range(400):
        light.keyboard.press("Tab")
        if light.evaluate("document.activeElement === document.body"):
            break
        assert light.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        light.evaluate("document.activeElement.dataset.seen = 1")
        if light.evaluate("document.activeElement.matches('details:not([open]) > summary')"):
            light.keyboard.press("Enter")
    assert light.locator("details:not([open])").count() == 0
    unseen = "a[href]:not([data-seen]):not(.skip), summary:not([data-seen]), .scroll:not([data-seen])"
    assert light.locator(unseen).evaluate_all("all => all.map(e => e.outerHTML.slice(0, 90))") == []


def test_skipping_leads_into_the_content_and_contents_to_their_places(light: Any) -> None:
    light.keyboard.press("Tab")
    light.keyboard.press("Enter")
    assert light.evaluate("document.activeElement.id") == "main"
    light.locator("nav a", has_text="Audit").press("Enter")
    assert light.url.endswith("#audit")
    assert light.evaluate("Math.abs(document.querySelector('#audit').getBoundingClientRect().bottom) < 1000")


def test_on_paper_folded_parts_are_open_and_the_contents_are_gone(light: Any) -> None:
    light.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    light.emulate_media(media="print")
    assert not light.locator("nav").is_visible()
    folded = light.locator("details.check > .body")
    assert folded.count() > 1
    assert folded.evaluate_all("all => all.every(one => one.checkVisibility())")


CONTRASTS = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
  const linear = c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const ground = e => { for (; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor; if (colour !== 'rgba(0, 0, 0, 0)') return colour; } };
  const signs = '.dot, .sign, .tick, .icon, .avatar, .chart .mark-line path, .key';
  return [...document.querySelectorAll(signs)].map(e => {
    const style = getComputedStyle(e);
    const ink = e.matches('.key') ? style.borderTopColor
      : e.matches('path, .icon') ? style.stroke : style.color;
    return {what: e.outerHTML.slice(0, 70), ratio: ratio(rgb(ground(e)), rgb(ink))};
  });
}
"""
