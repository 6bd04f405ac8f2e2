"""Examining: every rule is found by its folder, and what cannot be told never passes."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

from convergence import records
from convergence.errors import UserError
from release_tools import standards
from release_tools.standards.importing import Event
from release_tools.standards.nouns import Finding, Judged, Report, Standing

S = Standing


def report(*standings: Standing) -> Report:
    rules = tuple(Judged(f"r{n}", "", one) for n, one in enumerate(standings))
    return Report("example", "", 1, 1, "apart", rules, ())


@pytest.mark.parametrize(
    ("standings", "whole", "status"),
    [
        ([S.PASSED, S.PASSED], S.PASSED, 0),
        ([S.PASSED, S.SPARED], S.PASSED, 0),
        ([S.PASSED, S.UNKNOWN], S.UNKNOWN, 3),
        ([S.UNKNOWN, S.FAILED, S.PASSED], S.FAILED, 1),
        ([S.SPARED], S.UNKNOWN, 3),
        ([], S.UNKNOWN, 3),
    ],
)
def test_one_that_fails_fails_all_and_one_that_cannot_be_told_leaves_it_open(
    standings: list[Standing], whole: Standing, status: int
) -> None:
    made = report(*standings)
    assert (made.standing, made.exit_status) == (whole, status)


def test_every_rule_says_in_one_line_what_it_is() -> None:
    rules = [standards.find(name) for name in standards.names()]
    assert len(rules) == 10
    for rule in rules:
        first = (rule.__doc__ or "").splitlines()[0]
        assert first.endswith(".")
        assert len(first) < 110


def test_there_is_a_test_for_every_rule() -> None:
    folder = Path(__file__).parent / "rules"
    assert sorted(path.stem for path in folder.glob("test_*.py")) == [f"test_{n}" for n in standards.names()]


def test_a_rule_that_there_is_not_is_bad_input() -> None:
    with pytest.raises(UserError, match=r'no rule "lasy"; known: claimed, contained'):
        standards.find("lasy")


def test_findings_are_in_order_and_there_once(tmp_path: Path) -> None:
    made = examples.read(
        tmp_path, {"example/b.py": "import ctypes\n", "example/a.py": "x=1\nimport ctypes\n"}
    )
    twice = Event("file", "example.a", "example/a.py", 1, "x")
    found = standards.examine(examples.ran(made, twice, twice), ["quiet"]).findings
    assert [(one.where, one.rule) for one in found] == [
        ("example/a.py:1", "quiet"),
        ("example/a.py:2", "quiet"),
        ("example/b.py:1", "quiet"),
    ]


def test_a_report_is_a_record(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": "import ctypes\n"})
    found = standards.examine(made, sha="c0de" * 10)
    path = tmp_path / "report.json"
    records.write(path, found)
    assert records.read(path, Report) == found
    assert Finding(
        "example", 0, "was not imported, so it is not proven", "leave out --no-import", False, "lazy"
    ) in (found.findings)
