"""The HTML report in a real Chromium: light, dark and on a phone, for eyes, keyboards and screen readers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from release_tools.page import document as page
from release_tools.sandbox import campaigns

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]  # asyncio's own pipe is a socket

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 780}},
    "dark phone": {"color_scheme": "dark", "viewport": {"width": 360, "height": 780}},
}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium with an empty profile; without it only a developer's machine may skip."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("needs Debian's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture(params=list(SCREENS))
def tab(request: pytest.FixtureRequest, browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page of a campaign with failures, all of it unfolded; what it logs or fetches fails the test."""
    shown = campaigns.diverged()
    (tmp_path / page.NAME).write_text(page.render(shown.result, shown.trials), encoding="utf-8")
    context = browser.new_context(offline=True, **SCREENS[request.param])
    tab = context.new_page()
    noise: list[str] = []
    tab.on("console", lambda message: noise.append(message.text))
    tab.on("pageerror", lambda error: noise.append(str(error)))
    tab.on("request", lambda request: noise.append(request.url))
    address = (tmp_path / page.NAME).as_uri()
    tab.goto(address)
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    yield tab
    context.close()
    assert noise == [address]


def test_nothing_is_wider_than_the_screen(tab: Any) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    outside = """[...document.querySelectorAll('main *, header *')]
      .filter(e => !e.closest('.scroll, .away') && e.getBoundingClientRect().right > window.innerWidth + 1)
      .map(e => e.outerHTML.slice(0, 80))"""
    assert tab.evaluate(outside) == []


def test_nothing_is_inaccessible(tab: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab, options={"runOnly": STANDARDS})
    assert found.response["violations"] == [], found.generate_report()
    assert any(rule["id"] == "color-contrast" for rule in found.response["passes"])


def test_charts_stand_out_from_their_ground(tab: Any) -> None:
    """WCAG 1.4.11: graphical objects have a contrast of 3 to 1, their text one of 4.5."""
    measured = tab.evaluate(CONTRASTS)
    assert len(measured) > 20
    assert [one for one in measured if one["ratio"] < one["least"]] == []


def test_the_keyboard_reaches_and_opens_everything(tab: Any) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the claims"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    summaries = tab.locator("summary").count()
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('details:not([open]) > summary')"):
            assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            tab.keyboard.press("Enter")
    assert summaries
    assert tab.locator("details[open]").count() == summaries


CONTRASTS = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (ground, colour) => {
    for (const one of [ground, colour]) { canvas.fillStyle = one; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const drawn = ['.chart text', '.chart .mark-line path', '.chart .mark-rule.role-mark line',
    '.chart .mark-symbol path', '.key', '.mark'];
  const inks = (e, style) => e.matches('.key') ? [style.borderTopColor]
    : e.matches('.mark') ? [style.backgroundColor] : [style.fill, style.stroke].filter(c => c !== 'none');
  return [...document.querySelectorAll(drawn.join())].map(e => {
    const card = getComputedStyle(e.closest('figure, .scroll')).backgroundColor;
    const best = Math.max(...inks(e, getComputedStyle(e)).map(c => ratio(rgb(card, card), rgb(card, c))));
    return {what: e.outerHTML.slice(0, 60), ratio: best, least: e.matches('text') ? 4.5 : 3};
  });
}
"""
