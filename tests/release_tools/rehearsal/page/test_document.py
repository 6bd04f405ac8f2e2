"""The page of a rehearsal: every part of a summary stands in it once, and says what it says as text."""

from __future__ import annotations

import dataclasses
import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import process
import pytest
import rehearsed
from justhtml import JustHTML
from rehearsed import TIER, Rehearsed, acts, respelled

from release_tools.approvals.steps import TechniqueState
from release_tools.jobs.history import Record
from release_tools.rehearsal.page import document
from release_tools.rehearsal.summary import Act, Command, Line, Release, Summary

pytestmark = pytest.mark.usefixtures("undrawn")


SMOKE = "the smoke tier stands for the full one"
assert SMOKE in TIER
BLOCK = re.compile(r"<(?=(?:li|p|h[1-6]|tr|div|section|article|summary|pre|dt|figure|header|main)\b)")


def lines(page: str) -> str:
    """What the page says, a line for each of its blocks, without its style."""
    body = BLOCK.sub("\0<", page[page.index("<body>") :])
    told = html.unescape(re.sub(r"<[^>]*>", " ", body))
    return "\n".join(line for part in told.split("\0") if (line := " ".join(part.split()))) + "\n"


def words(page: str) -> str:
    return " ".join(lines(page).split())


@pytest.mark.parametrize("passed", [True, False])
def test_the_page_reads_so(played: Rehearsed, goldens: Path, passed: bool) -> None:
    golden = goldens / f"rehearsal-{'released' if passed else 'failed'}.txt"
    assert lines(document.render(played.summary(passed=passed))) == golden.read_text(encoding="utf-8")


def test_equal_summaries_give_equal_pages(played: Rehearsed) -> None:
    assert document.render(played.summary()) == document.render(played.summary())


def test_an_empty_summary_has_a_title_and_no_parts() -> None:
    page = document.render(Summary("Nothing <b>", "Not <i>begun", ""))
    assert words(page) == ("Skip to the content Rehearsal on GitHub's stand-in Nothing <b> ✓ Not <i>begun")
    assert "<section" not in page
    assert "<title>Nothing &lt;b&gt; – Not &lt;i&gt;begun</title>" in page


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("steps", "steps"),
        ("acts", "play"),
        ("campaigns", "trials"),
        ("audit", "audit"),
        ("release", "release"),
        ("portrait", "pulls"),
    ],
)
def test_what_is_empty_is_left_out(played: Rehearsed, part: str, place: str) -> None:
    whole = played.summary()
    without = replace(whole, **{part: getattr(Summary("", "", ""), part)})
    for summary, count in ((whole, 1), (without, 0)):
        page = document.render(summary)
        assert page.count(f'<section id="{place}"') == count
        assert page.count(f'href="#{place}"') == count


def test_the_smoke_tier_is_named_at_the_top_and_where_verdicts_are(played: Rehearsed) -> None:
    page = document.render(played.summary())
    top, *sections = re.split(r"<section id=", page)
    said = {section[1 : section.index('"', 1)]: section.count(SMOKE) for section in sections}
    assert top.count(SMOKE) == 1
    assert {name for name, count in said.items() if count} == {"steps", "pulls", "trials", "release"}


def test_every_link_inside_the_page_leads_somewhere_and_ids_are_unique(played: Rehearsed) -> None:
    page = document.render(played.summary())
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    inside = set(re.findall(r'href="#([^"]+)"', page))
    assert inside <= set(ids)
    assert {"pull-tensorflow-models-1", "audit", "act-2", "campaign-1"} <= inside


def test_what_has_no_place_has_no_id(played: Rehearsed) -> None:
    """Of what the picture does not know no link leads there, so nothing has an empty id."""
    summary = played.summary()
    page = document.render(replace(summary, portrait=unlinked(summary.portrait)))
    assert 'id=""' not in page
    assert '<li class="carded">' in page
    assert '<details class="check">' in page


def unlinked(value: Any) -> Any:
    """A picture in which nothing but pull requests has an address."""
    if isinstance(value, tuple):
        return tuple(map(unlinked, value))
    if not dataclasses.is_dataclass(value) or isinstance(value, type | Record):
        return value
    names, pull = [one.name for one in dataclasses.fields(value)], hasattr(value, "timeline")
    return replace(
        value, **{n: "" if n == "url" and not pull else unlinked(getattr(value, n)) for n in names}
    )


def test_lists_without_bullets_are_lists_for_readers_too(played: Rehearsed) -> None:
    """WebKit tells a screen reader of no list where the style has no bullets."""
    lists = [one for one in elements(document.render(played.summary())) if one.name in {"ol", "ul"}]
    for name in ("track", "follows", "lines", "timeline"):
        found = [one for one in lists if name in (one.attrs.get("class") or "").split()]
        assert found
        assert {one.attrs.get("role") for one in found} == {"list"}


def test_what_scrolls_has_a_name_of_its_own(tmp_path: Path, goldens: Path) -> None:
    report = (goldens / "comment-reproduced-smoke.md").read_text(encoding="utf-8")
    page = elements(document.render(rehearsed.played(tmp_path, report + report).summary()))
    named = [one.attrs["aria-label"] for one in page if "scroll" in (one.attrs.get("class") or "").split()]
    assert len(named) > 5
    assert len(named) == len(set(named))


def test_nothing_is_fetched_and_nothing_runs(played: Rehearsed) -> None:
    page = document.render(played.summary())
    assert "<script" not in page
    assert "javascript:" not in page.replace("[click](javascript:alert(1))", "")
    assert not re.search(r"<(link|iframe|object|embed|form|input|style[^>]* src)\b", page)
    assert {src[:19] for src in re.findall(r'\b(?:src|srcset)="([^"]*)"', page)} == {"data:image/svg+xml;"}
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert not re.search(r"url\(", page)


def test_text_from_elsewhere_is_text() -> None:
    evil = '"><script>alert(1)</script>'
    line = Line(
        evil, evil, does=evil, follows=(replace(acts(passed=False)[1].lines[1].follows[1], seen=evil),)
    )
    summary = Summary(evil, evil, evil, (Act(evil, (line,)),), release=Release(evil, evil, index=(evil,)))
    page = document.render(summary)
    assert "<script" not in page
    assert words(page).count("<script>alert(1)</script>") == page.count("&lt;script&gt;") - 2  # in <title>


def test_no_text_anywhere_does_anything(played: Rehearsed) -> None:
    """Titles, names of branches, labels, checks and files, logins, Markdown: each is hostile at once."""
    evil = "\"'><img src=x onerror=alert(1)><script>alert(1)</script></section></main>"
    whole = played.summary(passed=False)
    plain, page = (
        elements(document.render(one)) for one in (whole, respelled(whole, lambda text: text + evil))
    )
    assert not {"script", "onerror"} & {name for element in page for name in (element.name, *element.attrs)}
    for tag in ("main", "section", "article", "style", "img"):
        assert [one.name for one in page].count(tag) == [one.name for one in plain].count(tag)


def elements(page: str) -> list[Any]:
    return JustHTML(page, sanitize=False).query("*")


def test_an_ending_that_was_expected_is_good_and_a_line_that_missed_is_shown() -> None:
    good = document.render(Summary("x", "Held: not reproduced", "", acts(passed=True)))
    bad = document.render(Summary("x", "Released", "", acts(passed=False)))
    assert '<header class="top good">' in good
    assert '<header class="top bad">' in bad
    assert "Not everything went as expected." not in words(good)
    assert "the verdict is REPRODUCED — but seen: NOT REPRODUCED did not follow" in words(bad)
    assert words(bad).count("not as expected") == 1


def test_what_is_long_is_folded_in_the_play() -> None:
    short, long = (Line("carl", "x", says="a line\n" * count) for count in (document.LONG, document.LONG + 1))
    page = document.render(Summary("x", "y", "", (Act("z", (short, long)),)))
    assert page.count('<div class="bubble md">') == page.count('<details class="bubble">') == 1
    assert "What carl writes in line 2 of act 1" in words(page)


def test_what_a_command_printed_has_no_colours_and_no_ends_that_hang_out() -> None:
    ran = Command("mona", "status", "\x1b[1mone\x1b[0m   \n two  \n\n", 3)
    page = document.render(Summary("x", "y", "", (Act("z", (Line("mona", "x", ran=(ran,)),)),)))
    assert "<pre><code>$ status\none\n two</code></pre>" in page
    assert "mona status 3" in words(page)


def test_steps_of_a_pull_request_that_is_not_shown_link_nowhere() -> None:
    state: TechniqueState = process.approved().state()
    page = document.render(Summary("x", "y", "", steps=(state,)))
    assert "tensorflow/models#3" in page
    assert 'href="#pull' not in page
    assert page.count('<li class="reproduced">') == 4
    assert "Next: MOT's release maintainer." in words(page)
