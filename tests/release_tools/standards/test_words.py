"""How a report reads, held by golden files."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from release_tools.model import CheckStatus, Conclusion
from release_tools.standards import words
from release_tools.standards.nouns import Finding, Judged, Report, Standing

S = Standing
FAILED = Report(
    example="tensorflow/models#7",
    sha="c0de" * 10,
    modules=12,
    imported=9,
    isolation="in a container (podman), without network",
    rules=(
        Judged("claimed", "The numbers are stated.", S.PASSED),
        Judged("contained", "Optimization code is self-contained.", S.SPARED, "nothing here uses TFMOT"),
        Judged("lazy", "TFMOT is imported only when its options are on.", S.FAILED),
        Judged("registered", "The example is an experiment.", S.UNKNOWN),
    ),
    findings=(
        Finding(
            "official/projects/mot/a.py",
            18,
            "imports TFMOT as soon as it is imported",
            "import it late",
            True,
            "lazy",
        ),
        Finding("tensorflow/models#7", 0, "it was not tried", "have it imported", False, "registered"),
    ),
    notes=("a.b was imported with an empty module for c, which is not installed",),
)
HOSTILE = replace(
    FAILED,
    findings=(
        Finding("a`|b.py", 1, "says @mona\n\x1b[2J **x** <img src=x> #1", "mend | it\n\n# now", True, "lazy"),
    ),
)


def shown(report: Report) -> str:
    out = io.StringIO()
    words.show(report, Console(file=out, width=100, color_system=None))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def test_the_table_reads_as_it_should(goldens: Path) -> None:
    assert shown(FAILED) == (goldens / "standards-table.txt").read_text(encoding="utf-8")


def test_the_check_reads_as_it_should(goldens: Path) -> None:
    made = words.check(FAILED, "tensorflow/models")
    assert (made.sha, made.name, made.external_id) == (
        "c0de" * 10,
        "MOT example standards",
        f"standards:{'c0de' * 10}",
    )
    assert (made.status, made.conclusion) == (CheckStatus.COMPLETED, Conclusion.FAILURE)
    said = f"# {made.title}\n\n{made.summary}\n"
    assert said == (goldens / "standards-check.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("standing", "conclusion"),
    [(S.PASSED, Conclusion.SUCCESS), (S.FAILED, Conclusion.FAILURE), (S.UNKNOWN, Conclusion.NEUTRAL)],
)
def test_only_what_passed_is_a_success(standing: Standing, conclusion: Conclusion) -> None:
    report = replace(FAILED, rules=(Judged("lazy", "", standing),), findings=())
    assert words.check(report, "o/n").conclusion is conclusion


def test_words_from_outside_do_nothing() -> None:
    summary = words.check(HOSTILE, "o/n").summary
    assert "@mona" not in summary
    assert "<img" not in summary
    assert "\x1b" not in summary + shown(HOSTILE)
    assert len([line for line in summary.splitlines() if line.startswith("| ")]) == 3


def test_very_many_findings_fit_into_a_check() -> None:
    many = tuple(replace(FAILED.findings[0], line=n, what="x" * 5000, mend="y" * 5000) for n in range(5000))
    made = words.check(replace(FAILED, findings=many), "o/n")
    assert len(made.summary) < 60_000
    assert "4950 more are in the report." in made.summary


def test_one_that_passed_says_so_in_one_line() -> None:
    report = replace(FAILED, rules=(Judged("lazy", "", S.PASSED),), findings=(), sha="")
    assert words.outcome(report) == "PASSED — tensorflow/models#7: nothing to mend"
