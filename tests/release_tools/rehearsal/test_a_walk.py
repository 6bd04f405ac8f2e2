"""A walk through the first steps with the real answers of our workflows, as its page shows it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town
from walk import NAMES, Walk

from release_tools.rehearsal import drawing
from release_tools.rehearsal.page import document
from release_tools.rehearsal.portrait import What
from release_tools.rehearsal.summary import Summary
from release_tools.sandbox import inprocess


@pytest.fixture
def walked(town: Town, tmp_path: Path) -> Iterator[Walk]:
    """A stranger is declined, home is decided, the standards are met, and the numbers are reproduced."""
    with inprocess.connected(town.gateway):
        walk = Walk(town, tmp_path, "official", "smoke")
        digest = walk.index.publish("0.8.2", NAMES)
        walk.say(walk.stan, "/home official because I say so")
        walk.say(walk.olga, "/home official users ask for it")
        walk.check()
        walk.converge(digest)
        walk.review(walk.mona)
        walk.look()
        yield walk


def test_what_people_and_the_bot_did_is_in_the_picture(walked: Walk) -> None:
    (pull,) = drawing.draw(walked.world, [walked.base.full_name]).pulls
    found = [(one.what, one.by.login) for one in pull.timeline if one.what is not What.LABELED]
    assert found == [
        (What.COMMENTED, "stan"),
        (What.COMMENTED, "mot[bot]"),
        (What.COMMENTED, "olga"),
        (What.COMMENTED, "mot[bot]"),
        (What.COMMENTED, "mona"),
        (What.APPROVED, "mona"),
        (What.COMMENTED, "mot[bot]"),
    ]
    assert [one.name for one in pull.labels] == walked.labels
    assert "MOT example standards" in {one.name for one in pull.checks}


def test_the_record_is_in_the_picture(walked: Walk) -> None:
    (base,) = drawing.draw(walked.world, [walked.base.full_name]).repositories
    (kept,) = base.records
    assert kept.record
    assert kept.record.head_sha == walked.head


def test_the_page_says_what_was_said_and_links_the_evidence_to_its_place(walked: Walk) -> None:
    drawn = drawing.draw(walked.world, [walked.base.full_name])
    page = document.render(Summary("A walk", "Approved", "", portrait=drawn, steps=(walked.state,)))
    assert html.escape("/home official because I say so") in page
    steps = page[page.index('<section id="steps"') : page.index('<section id="pulls"')]
    home = next(one for one in walked.issue.comments if one.user is walked.olga)
    assert f'href="#issuecomment-{home.id}"' in steps
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'\bid="([^"]+)"', page))
    assert "github.com" not in re.sub(r"<code>.*?</code>", "", page)
