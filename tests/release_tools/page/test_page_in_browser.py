"""The HTML report in a real Chromium: light, dark and on a phone, for eyes, keyboards and screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_in_browser import SCREENS, STANDARDS, shown

from release_tools.page import document as page
from release_tools.sandbox import campaigns

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]  # asyncio's own pipe is a socket


@pytest.fixture(params=list(SCREENS))
def tab(request: pytest.FixtureRequest, browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page of a campaign with failures."""
    campaign = campaigns.diverged()
    text = page.render(campaign.result, campaign.trials)
    with shown(browser, tmp_path / page.NAME, text, request.param) as tab:
        yield tab


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
