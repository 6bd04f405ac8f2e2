"""The HTML report: what it says, how it is built, and that nothing from outside gets a foothold."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from justhtml import JustHTML

from convergence import records
from convergence.campaign import CampaignResult
from convergence.model import Claim, Outcome
from convergence.results import ErrorKind, Evaluation, TrialError, TrialResult
from convergence.trial import result_path
from release_tools import local
from release_tools.cli import cli
from release_tools.page import document as page
from release_tools.sandbox import campaigns
from release_tools.sandbox.campaigns import Shown

REPRODUCED, DIVERGED = campaigns.reproduced(), campaigns.diverged()
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "'-alert(1)-' & \u202e",
]
VOCABULARY = {"xmlns", "xmlns:xlink"}  # attributes whose value is a name, though it looks like an address


def parsed(shown: Shown) -> JustHTML:
    """The page, which must be HTML without a single parse error."""
    return JustHTML(page.render(shown.result, shown.trials), strict=True, sanitize=False)


def elements(document: JustHTML) -> list[Any]:
    return document.query("*")


def shapes(document: JustHTML) -> set[tuple[str, str]]:
    """The kinds of elements, each with each of its attributes' names."""
    return {(element.name, name) for element in elements(document) for name in ["", *element.attrs]}


def text(document: JustHTML) -> str:
    """What a reader reads, without the letters inside charts; a line a piece."""
    for element in [*document.query("svg"), *document.query("style")]:
        element.parent.remove_child(element)
    return document.to_text(separator="\n", strip=True) + "\n"


@pytest.mark.parametrize(("name", "shown"), [("reproduced", REPRODUCED), ("diverged", DIVERGED)])
def test_the_page_reads_as_it_should(goldens: Path, name: str, shown: Shown) -> None:
    assert text(parsed(shown)) == (goldens / f"report-{name}.txt").read_text(encoding="utf-8")


def test_equal_input_gives_equal_text() -> None:
    assert page.render(REPRODUCED.result, REPRODUCED.trials) == page.render(
        REPRODUCED.result, REPRODUCED.trials
    )


def test_headings_make_an_outline() -> None:
    levels = [int(e.name[1]) for e in elements(parsed(REPRODUCED)) if re.fullmatch("h[1-6]", e.name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scoped_headers() -> None:
    tables = parsed(DIVERGED).query("table")
    assert len(tables) >= 5
    for table in tables:
        assert table.query("caption")
        assert all(head.attrs.get("scope") in {"col", "row", "rowgroup"} for head in table.query("th"))
        assert all(row.query("th") or "why" in row.attrs.get("class", "") for row in table.query("tr"))


def test_sections_and_labels_point_at_something() -> None:
    document = parsed(REPRODUCED)
    ids = [e.attrs["id"] for e in elements(document) if "id" in e.attrs]
    assert len(ids) == len(set(ids))
    pointed = [e.attrs["aria-labelledby"] for e in elements(document) if "aria-labelledby" in e.attrs]
    pointed += [e.attrs["href"].removeprefix("#") for e in document.query("a")]
    assert set(pointed) <= set(ids)
    assert all(chart.attrs["aria-label"] for chart in document.query(".chart"))


def test_nothing_runs_and_nothing_is_fetched() -> None:
    document = parsed(REPRODUCED)
    assert not [e.name for e in elements(document) if e.name in {"script", "img", "link", "iframe", "object"}]
    for element in elements(document):
        for name, value in element.attrs.items():
            assert not name.startswith("on")
            assert name in VOCABULARY or "//" not in (value or ""), (element.name, name, value)
    style = "".join(e.to_text() for e in document.query("style"))
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_forbids_all_but_styles() -> None:
    (policy,) = [m for m in parsed(REPRODUCED).query("meta") if "http-equiv" in m.attrs]
    assert policy.attrs["content"].split("; ")[:2] == ["default-src 'none'", "style-src 'unsafe-inline'"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_from_outside_stays_text(hostile: str) -> None:
    document = parsed(_renamed(REPRODUCED, hostile))
    assert hostile in document.query("main")[0].to_text()
    assert shapes(document) <= shapes(parsed(REPRODUCED)) | shapes(parsed(DIVERGED))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_sign_and_a_colour(outcome: Outcome) -> None:
    verdicts = tuple(replace(verdict, outcome=outcome) for verdict in REPRODUCED.result.verdicts)
    document = parsed(replace(REPRODUCED, result=replace(REPRODUCED.result, verdicts=verdicts)))
    css = outcome.value.replace(" ", "-")
    assert document.query("header")[0].attrs["class"] == css
    assert len(document.query(f".badge.{css}")) == len(verdicts)
    assert f".{css} {{" in document.query("style")[0].to_text()


def test_lost_trials_are_said() -> None:
    shown = replace(REPRODUCED, trials=REPRODUCED.trials[1:])
    (failures,) = parsed(shown).query(".failures")
    assert "1 without a record" in failures.to_text()


def test_a_campaign_without_trials_is_a_page_too() -> None:
    document = parsed(replace(REPRODUCED, trials=()))
    assert [e.attrs["id"] for e in document.query("h2")] == ["failed", "claims", "cost", "provenance"]


def test_write_reads_the_stored_trials_and_skips_lost_ones(tmp_path: Path) -> None:
    for trial in REPRODUCED.trials[1:]:
        records.write(result_path(tmp_path / "trials", trial.digest), trial)
    path = page.write(tmp_path, REPRODUCED.result)
    assert path == tmp_path / "report.html"
    by_digest = sorted(REPRODUCED.trials[1:], key=lambda trial: trial.digest)
    assert path.read_text(encoding="utf-8") == page.render(REPRODUCED.result, by_digest)
    assert sorted(path.parent.glob("*report*")) == [path]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_converge_says_on_stderr_where_the_report_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str]
) -> None:
    def trained(request: local.Request, python: Path) -> CampaignResult:
        for trial in REPRODUCED.trials:
            records.write(result_path(tmp_path / "trials", trial.digest), trial)
        records.write(local.result_path(request), REPRODUCED.result)
        return REPRODUCED.result

    monkeypatch.setattr(local, "prepare", lambda request, **tell: Path("python"))
    monkeypatch.setattr(local, "run", trained)
    ran = CliRunner().invoke(cli, ["converge", "--out", str(tmp_path), *options])
    assert ran.exit_code == 0
    assert ran.stderr.splitlines()[-1] == f"Report: {tmp_path / page.NAME}"
    assert page.NAME not in ran.stdout
    assert "All 4 claims are reproduced" in (tmp_path / page.NAME).read_text(encoding="utf-8")


def _renamed(campaign: Shown, text: str) -> Shown:
    plan = campaign.result.plan
    recipes = {
        id_: replace(
            recipe,
            technique=text,
            claims=tuple(_claim_renamed(claim, text) for claim in recipe.claims),
        )
        for id_, recipe in plan.recipes.items()
    }
    verdicts = tuple(
        replace(found, claim=_claim_renamed(found.claim, text), line=text)
        for found in campaign.result.verdicts
    )
    plan = replace(
        plan, recipes=recipes, content_digest=text, harness=text, versions={text: text}, seeds_from=text
    )
    trials = tuple(_trial_renamed(trial, text) for trial in campaign.trials)
    return Shown(replace(campaign.result, plan=plan, verdicts=verdicts), trials)


def _claim_renamed(claim: Claim, text: str) -> Claim:
    return replace(claim, technique=text, name=text, unit=text, source=text, measured=text, metric=text)


def _trial_renamed(trial: TrialResult, text: str) -> TrialResult:
    """The first seed fails with the text as its message; the others name everything so."""
    error = TrialError(ErrorKind.CRASHED, text) if trial.seed == campaigns.SEEDS[0] else None
    return replace(
        trial,
        digest=text + trial.digest,
        technique=text,
        metrics={**trial.metrics, text: 1.0, f"tflite_{text}_accuracy": 0.9, f"tflite_{text}_zip_bytes": 1e6},
        curve=tuple(Evaluation(point.step, {text: 0.5}) for point in trial.curve),
        layers={f"{text} {text}": {text: 1.0}},
        seconds={text: 1.0},
        device=text,
        error=error,
    )
