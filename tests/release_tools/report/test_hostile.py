"""Text from outside, wherever a report takes any: the comment has no tag, link, mention or cell of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from convergence.model import Claim, Recipe
from convergence.results import TrialResult
from release_tools import report as reports
from release_tools.report import Report, words

RENDERER = MarkdownIt("gfm-like", {"html": True, "linkify": False}).disable("linkify")
LINKED = re.compile(  # what GitHub makes links of: people, issues, commits, addresses, emoji
    r"@\w|#[0-9]|\bgh-[0-9]|\b[0-9a-f]{7,40}\b|[a-z]://|www\.|mailto:\w|:[\w+-]+:", re.IGNORECASE | re.ASCII
)
HOSTILE = (
    "@someone and @org/team",
    "fixes #1, GH-2, a/b#3",
    "https://evil.example www.evil.example",
    "<img src=x onerror=alert(1)></details></td><!-- release-tools:converge -->",
    "[x](javascript:alert(1)) ![x](y)",
    "`a` ``b`` ~~~ ``` c",
    "\n\n```\n# heading\n- item\n| a | b |\n|---|---|\n",
    "a|b\\|c \\",
    "> quote",
    "*a* __b__ ~~c~~ $x$ :tada: &lt;b&gt;",
    '" --> 0\nline [9, 9]\n```',
    "\u202etxt\u200b\u2060\ud800",
    "deadbeefcafe",
)
NAMES = ["training", "reproduced", "reproduced-smoke", "infrastructure", "cancelled", "held", "stale"]


class Page(HTMLParser):
    """The tags, the links, and the text that GitHub would look for mentions in."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.text = ""
        self._code = 0
        self.feed(RENDERER.render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_comment(self, data: str) -> None:
        self.tags[f"<!--{data}-->"] += 1

    def handle_data(self, data: str) -> None:
        self.text += "" if self._code else data


def spoiled(report: Report, text: str) -> Report:
    """The report with this behind every string that is not our own."""
    plan = report.plan
    recipes = {id_ + text: _recipe(recipe, text) for id_, recipe in plan.recipes.items()}
    plan = replace(
        plan,
        request_id=plan.request_id + text,
        requested_by=plan.requested_by + text,
        tfmot=replace(plan.tfmot, repository=plan.tfmot.repository + text),
        models=replace(plan.models, sha=plan.models.sha + text),
        harness=plan.harness + text,
        costs={unit + text: cost for unit, cost in plan.costs.items()},
        recipes=recipes,
    )
    found = replace(
        report,
        plan=plan,
        run=report.run + text if report.run else "",
        reason=report.reason + text if report.reason else "",
        approvers=tuple(name + text for name in report.approvers),
        page=report.page + text if report.page else "",
        trials=tuple(_trial(trial, text) for trial in report.trials),
    )
    if report.result is None:
        return found
    campaign = report.result.plan
    campaign = replace(
        campaign,
        recipes=recipes,
        content_digest=campaign.content_digest + text,
        versions={name + text: version + text for name, version in campaign.versions.items()},
    )
    verdicts = tuple(
        replace(one, claim=_claim(one.claim, text), line=one.line + text) for one in report.result.verdicts
    )
    return replace(found, result=replace(report.result, plan=campaign, verdicts=verdicts))


def _claim(claim: Claim, text: str) -> Claim:
    return replace(
        claim, technique=claim.technique + text, recipe=claim.recipe + text, name=claim.name + text
    )


def _recipe(recipe: Recipe, text: str) -> Recipe:
    claims = tuple(_claim(claim, text) for claim in recipe.claims)
    return replace(recipe, technique=recipe.technique + text, name=recipe.name + text, claims=claims)


def _trial(trial: TrialResult, text: str) -> TrialResult:
    error = trial.error and replace(trial.error, message=trial.error.message + text)
    curve = tuple(
        replace(point, metrics={**point.metrics, **{f"{name}{text}": 1.0 for name in point.metrics}})
        for point in trial.curve
    )
    return replace(
        trial,
        technique=trial.technique + text,
        recipe=trial.recipe + text,
        device=trial.device + text,
        curve=curve,
        metrics={_metric(name, text): value for name, value in trial.metrics.items()},
        error=error,
    )


def _metric(name: str, text: str) -> str:
    """A deployed file's two metrics belong together by the conversion in their middle."""
    for end in ("_accuracy", "_zip_bytes"):
        if name.startswith("tflite_") and name.endswith(end):
            return name.removesuffix(end) + text + end
    return name


def outside() -> st.SearchStrategy[str]:
    pieces = st.one_of(
        st.sampled_from(HOSTILE), st.text(max_size=6), st.text("@#:/.`|\\<>&$*_~- ab1\n", max_size=8)
    )
    return st.lists(pieces, max_size=4).map("".join)


@pytest.mark.parametrize("name", NAMES)
@given(text=outside())
@example(text="".join(HOSTILE))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_report_says_what_it_was_told_and_does_nothing(
    report: Callable[[str], Report], name: str, text: str
) -> None:
    clean, dirty = report(name), spoiled(report(name), text)
    expected, page = Page(reports.comment(clean)), Page(reports.comment(dirty))
    assert page.tags == expected.tags
    assert not LINKED.search(page.text)
    own = "https://github.com/tensorflow/model-optimization/actions/runs/99"
    assert all(link.startswith(own) for link in page.links)
    assert words.title(dirty) == words.title(clean)


@given(text=outside())
@example(text='accuracy" 0 --> 1\n```\n@someone')
@settings(deadline=None)
def test_an_axis_has_a_name_and_nothing_else(text: str) -> None:
    from release_tools.page.charts import Curves
    from release_tools.report import mermaid

    drawn = mermaid.chart(Curves((((0, 1.0), (9, 2.0)),)), title=text, domain=(0, 3))
    assert drawn
    lines = drawn.fence.splitlines()
    assert len(lines) == 15
    assert re.fullmatch(r'    y-axis "[\w ,.%()/-]{0,60}" 0 --> 3', lines[12], re.ASCII)
