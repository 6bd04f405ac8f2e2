"""The page of the seven steps: what it says of each technique, and what it does not let through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import process as facts
import pytest
from justhtml import JustHTML
from page_in_browser import SCREENS, STANDARDS, shown

from release_tools.approvals.steps import Actor, Evidence, Progress, Step, StepState, TechniqueState
from release_tools.page import process

REPOSITORY = "tensorflow/models"


def text(page: str) -> str:
    return " ".join(JustHTML(page).to_text().split())


def test_each_step_is_there_with_its_evidence_and_whose_turn_it_is() -> None:
    page = process.render([facts.approved().state()], REPOSITORY)
    said = text(page)
    for step, name in facts_of_steps():
        assert name in said, step
    assert said.count("approved for MOT — by mona of 1f0c1f0c1f0c") == 1
    assert "Next: MOT's release maintainer." in said
    assert page.count('<li class="reproduced">') == 4
    assert page.count('<li class="inconclusive">') == 3


def facts_of_steps() -> list[tuple[Step, str]]:
    from release_tools.approvals import frame

    return list(frame.STEPS.items())


@pytest.mark.parametrize(
    ("progress", "css"),
    [
        (Progress.BLOCKED, "not-reproduced"),
        (Progress.STALE, "infrastructure"),
        (Progress.WAITING, "inconclusive"),
    ],
)
def test_the_page_has_the_colour_of_what_is_worst(progress: Progress, css: str) -> None:
    states = [facts.landed().state(), with_first(progress)]
    assert f'<header class="{css}">' in process.render(states, REPOSITORY)
    assert '<header class="reproduced">' in process.render(states[:1], REPOSITORY)


def with_first(progress: Progress, *evidence: Evidence) -> TechniqueState:
    state = facts.decided().state()
    first = StepState(Step.HOME, progress, "why <b>", Actor.OFFICIAL, evidence)
    return replace(state, steps=(first, *state.steps[1:]))


def test_text_from_elsewhere_is_text_and_only_addresses_are_links() -> None:
    evil = Evidence("<script>alert(1)</script>", "<i>", None, "", "javascript:alert(1)")
    fine = Evidence("fine", url='https://github.com/x?"><script>')
    page = process.render([with_first(Progress.WAITING, evil, replace(fine, counts=False))], '"><b>')
    assert "<script" not in page
    assert "<b>" not in page
    assert "javascript:" not in page
    assert page.count("<a href=") == sum("https://" in part[:20] for part in page.split("<a href=")[1:])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_no_technique_is_said() -> None:
    assert "No open pull request is about a technique." in text(process.render([], REPOSITORY))


@pytest.mark.browser
@pytest.mark.enable_socket
@pytest.mark.parametrize("screen", SCREENS)
def test_a_browser_shows_it_to_everybody(browser: Any, tmp_path: Path, screen: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    states = [facts.approved().state(), facts.landed("fork").state(), with_first(Progress.BLOCKED)]
    with shown(browser, tmp_path / "steps.html", process.render(states, REPOSITORY), screen) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found = Axe().run(tab, options={"runOnly": STANDARDS})
        assert found.response["violations"] == [], found.generate_report()
        assert any(rule["id"] == "color-contrast" for rule in found.response["passes"])
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Skip to the techniques"
