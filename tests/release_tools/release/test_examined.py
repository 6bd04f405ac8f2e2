"""The doctor's report of another job counts for exactly the commit that it looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from release_tools.doctor.findings import Finding, Severity
from release_tools.gates import DoctorFact
from release_tools.release import examined
from release_tools.release.evidence import Subject

SHA = "a" * 40
SUBJECT = Subject("0.8.2", "o/r", "src", SHA, Path("w.whl"), "d" * 64, "c" * 64, "")
ITEM = {"check": "licence", "what": "no licence", "where": "METADATA", "mend": "add it", "digest": "x"}
REPORT: dict[str, Any] = {
    "subject": SHA,
    "findings": [ITEM | {"severity": "blocker", "accepted": "", "blocks": True}],
    "could_not_tell": [
        ITEM | {"what": "imports", "accepted": ""},
        ITEM | {"what": "tags", "accepted": "known"},
    ],
    "left_out": [{"check": "api", "lacks": "the release before"}],
    "clean": True,
}


def read(folder: Path, report: object, schema: int = 1) -> DoctorFact | None:
    (folder / "doctor.json").write_text(json.dumps({"schema_version": schema, "reports": [report]}))
    return examined.elsewhere(folder, SUBJECT)


def test_what_was_found_is_read_and_judged_here(tmp_path: Path) -> None:
    """Its own word that all is clean is not believed."""
    finding = Finding("licence", "no licence", "METADATA", "add it", Severity.BLOCKER)
    assert read(tmp_path, REPORT) == DoctorFact((finding,), ("imports",))


def test_a_check_that_was_not_made_is_not_clean(tmp_path: Path) -> None:
    """As with `--no-environments`; a first release alone has nothing before it."""
    left_out = [*REPORT["left_out"], {"check": "environments", "lacks": "environments to install into"}]
    found = read(tmp_path, REPORT | {"findings": [], "could_not_tell": [], "left_out": left_out})
    assert found == DoctorFact((), ("environments was left out: it needs environments to install into",))


@pytest.mark.parametrize(
    "report",
    [
        REPORT | {"subject": "b" * 40},
        {},
        [],
        REPORT | {"findings": [ITEM | {"severity": "fine", "accepted": ""}]},
        REPORT | {"could_not_tell": None},
    ],
)
def test_nothing_else_is(tmp_path: Path, report: object) -> None:
    assert read(tmp_path, report) is None


def test_no_file_and_another_schema_are_nothing(tmp_path: Path) -> None:
    assert examined.elsewhere(tmp_path, SUBJECT) is None
    assert read(tmp_path, REPORT, schema=2) is None
