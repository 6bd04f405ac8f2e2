"""Every sentence said on GitHub: goldens for each state, what the check says, and what fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from convergence.model import Outcome
from release_tools import report as reports
from release_tools.model import CheckStatus, Conclusion
from release_tools.report import Report, State, words

Get = Callable[[str], Report]
QUEUED, RUNNING, DONE = CheckStatus.QUEUED, CheckStatus.IN_PROGRESS, CheckStatus.COMPLETED


def test_the_comment_reads_as_it_should(goldens: Path, named: tuple[str, Report]) -> None:
    name, report = named
    assert reports.comment(report) == (goldens / f"comment-{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "status", "conclusion", "title"),
    [
        ("queued", QUEUED, None, "Queued: 4 claims to judge"),
        ("held", QUEUED, None, "Held: 4 claims to judge"),
        ("building", RUNNING, None, "Building: 4 claims to judge"),
        ("training", RUNNING, None, "Training, wave 2 of 3"),
        ("unbuilt", DONE, Conclusion.FAILURE, "TFMOT cannot be built from this commit"),
        ("reproduced", DONE, Conclusion.SUCCESS, "Reproduced: all 4 claims"),
        ("not-reproduced", DONE, Conclusion.FAILURE, "Not reproduced: 2 of 4 claims"),
        ("inconclusive", DONE, Conclusion.NEUTRAL, "Inconclusive: 1 of 4 claims"),
        ("infrastructure", DONE, Conclusion.ACTION_REQUIRED, "No verdict, machines failed: 1 of 4 claims"),
        ("cancelled", DONE, Conclusion.CANCELLED, "Cancelled before anything was judged"),
        ("stale", DONE, Conclusion.FAILURE, "Of an old commit: not reproduced: 2 of 4 claims"),
    ],
)
def test_the_check_says_the_same(
    report: Get, name: str, status: CheckStatus, conclusion: Conclusion | None, title: str
) -> None:
    check = reports.check(report(name))
    assert (check.status, check.conclusion, check.title) == (status, conclusion, title)
    plan = report(name).plan
    assert (check.sha, check.external_id, check.details_url) == (
        plan.head_sha,
        plan.request_id,
        report(name).run,
    )
    assert check.summary.splitlines()[0] == reports.comment(report(name)).splitlines()[0]
    assert "mermaid" not in check.summary


def test_only_reproduced_is_a_success() -> None:
    assert [state for state, one in words.CONCLUSIONS.items() if one is Conclusion.SUCCESS] == [
        State.REPRODUCED
    ]
    assert {state for state in State if state.ended} == set(words.CONCLUSIONS)


def test_every_outcome_is_a_state_of_its_own() -> None:
    assert {state.outcome for state in State if state.outcome} == set(Outcome)


@pytest.mark.parametrize("state", list(State))
def test_a_state_never_belies_its_verdicts(report: Get, state: State) -> None:
    found = report("not-reproduced")
    if not state.ended or state is State.NOT_REPRODUCED:
        replace(found, state=state)
        return
    with pytest.raises(ValueError, match="although the verdicts are not reproduced"):
        replace(found, state=state)


@pytest.mark.parametrize("state", [State.REPRODUCED, State.NOT_REPRODUCED, State.INCONCLUSIVE])
def test_no_verdict_no_outcome(report: Get, state: State) -> None:
    with pytest.raises(ValueError, match="without a verdict"):
        replace(report("queued"), state=state)


def test_the_effects_are_one_comment_and_one_check(report: Get) -> None:
    comment, check = reports.effects(report("queued"))
    assert (comment.key, comment.number, comment.replace) == (reports.KEY, 41, True)
    assert (check.name, check.repository) == (reports.CHECK, comment.repository)


@pytest.mark.parametrize(
    ("approvers", "said"),
    [
        ((), "a maintainer"),
        (("alice",), "alice"),
        (("alice", "bob"), "alice or bob"),
        (("alice", "bob", "carol"), "alice, bob or carol"),
    ],
)
def test_who_may_let_it_run(approvers: tuple[str, ...], said: str) -> None:
    assert words.who(approvers) == said


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a.example", "", "data:text/html,x"])
def test_what_is_no_web_address_is_not_linked(report: Get, url: str) -> None:
    shown = replace(report("queued"), run=url, page=url)
    assert "](" not in reports.comment(shown)
    assert reports.check(shown).details_url == ""


def large(report: Get, claims: int, curves: int = 1) -> Report:
    """A report of so many claims, and so many times the curves' recipes."""
    found = report("reproduced-smoke")
    assert found.result
    verdicts = tuple(
        replace(one, claim=replace(one.claim, name=f"{one.claim.name} {n}"))
        for n in range(claims // 4)
        for one in found.result.verdicts
    )
    return replace(found, result=replace(found.result, verdicts=verdicts))


def whole(text: str) -> bool:
    """Whether every fence and section is closed and every table has its rows' cells."""
    lines = text.splitlines()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    headers = [t for t in tokens if t.type == "table_open"]
    rules = [line for line in lines if line.startswith("| :--")]
    return (
        sum(line.startswith("```") for line in lines) % 2 == 0
        and text.count("<details>") == text.count("</details>")
        and len(headers) == len(rules)
    )


@pytest.mark.parametrize(
    ("limit", "kept", "left_out"),
    [
        (100_000, ["<details>", "```mermaid", "#### Properties"], ["more rows"]),
        (3_500, ["```mermaid", "#### Properties", "Shortened"], ["<details>", "more rows"]),
        (2_500, ["#### Properties", "#### Deployed", "Shortened"], ["<details>", "```mermaid", "more rows"]),
        (1_700, ["#### Properties", "2 more rows are left out", "Shortened"], ["<details>", "```mermaid"]),
        (10, ["### ✅", "4 more rows are left out"], ["<details>", "```mermaid"]),
    ],
)
def test_what_does_not_fit_is_left_out_by_whole_sections(
    report: Get, limit: int, kept: list[str], left_out: list[str]
) -> None:
    shown = reports.comment(report("reproduced-smoke"), limit)
    assert [part for part in kept if part not in shown] == []
    assert [part for part in left_out if part in shown] == []
    assert whole(shown)
    assert len(shown) <= max(limit, 1_300)


@pytest.mark.parametrize("claims", [4, 100, 400, 4_000])
def test_a_comment_fits_whatever_happens(report: Get, claims: int) -> None:
    shown = reports.comment(large(report, claims))
    assert len(shown) <= reports.LIMIT
    assert whole(shown)
    assert ("more rows" in shown) == (claims > 200)


def test_shortening_is_said_with_a_way_to_the_rest(report: Get) -> None:
    found = replace(report("reproduced"), page="https://github.com/o/r/actions/runs/1/artifacts/2")
    last = reports.comment(found, 3_300).strip().splitlines()[-1]
    assert last == (
        "*Shortened to fit into a comment. Request `5e0c2a6d1b7f4938`. "
        "[run](<https://github.com/tensorflow/model-optimization/actions/runs/99>) · "
        "[full report](<https://github.com/o/r/actions/runs/1/artifacts/2>)*"
    )
