"""What a person reads after `release doctor`, held by golden files."""

from __future__ import annotations

import dataclasses
import json
from io import StringIO
from pathlib import Path

import patient
import pytest
from patient import BUILD, CORE, PRUNE, TEST, replaced
from rich.console import Console

from release_tools import doctor
from release_tools.doctor import Report, words
from release_tools.doctor.acceptance import Acceptance
from release_tools.doctor.findings import blocker, untold
from release_tools.doctor.subject import Subject, Trial
from release_tools.wheel import tfmot

SKIPPED = replaced("  def test", "  @unittest.skip('later')\n  def test")


def healthy() -> Subject:
    return dataclasses.replace(patient.subject(), trials=(Trial("newest", "2.20.0", "", "3.11.7", 7),))


def ill() -> Subject:
    """Much is wrong with it, as it was with TFMOT's own releases."""
    changes = {
        tfmot.VERSION_FILE: replaced("_PATCH_VERSION = '3'", "_PATCH_VERSION = '2'"),
        "RELEASE.md": replaced("* Tested against", "* Relax numpy.\n* Run with"),
        PRUNE: replaced("sparsity=0.5", "sparsity"),
        TEST: SKIPPED,
        f"{CORE}/cluster.py": patient.written("X = 1\n"),
        BUILD: replaced('        "cluster.py",\n', ""),
    }
    subject = patient.with_wheel(patient.subject(changes, requires=["numpy>=1.23"]), info=("METADATA",))
    missing = {f"m{number}": "ModuleNotFoundError: No module named 'tf_keras'" for number in range(6)}
    trials = (
        Trial("oldest", "2.0.0", "notes", "3.11.7", untold="there is no TensorFlow 2.0.0 for Python 3.11.7"),
        Trial("newest", "2.21.0", "the newest on the index", "3.11.7", 7, {"keras": ("3.15", "")}, missing),
    )
    return dataclasses.replace(subject, trials=trials)


def accepted(subject: Subject) -> list[Acceptance]:
    """The skipped tests are accepted, and something that is not found any more."""
    found = doctor.examine(subject).findings
    keys = dict.fromkeys(f.key for f in found if f.check == "tests-disabled")
    return [Acceptance(*key, "they need a TPU, see #1") for key in keys] + [
        Acceptance("licence", "old.whl", "0" * 12, "will be mended in 0.9")
    ]


def shown(subject: Subject, report: Report, *, notes: bool = False) -> str:
    text = StringIO()
    words.show(report, subject, Console(file=text, width=100), notes=notes)
    checked = f"checked: {', '.join(report.examined)}\n"
    assert not report.examined or checked in text.getvalue()
    return text.getvalue().replace(checked, "")  # so that a new check changes no golden file


@pytest.mark.parametrize(
    ("golden", "subject", "notes"),
    [
        ("doctor-healthy.txt", healthy(), True),
        ("doctor-ill.txt", ill(), False),
    ],
)
def test_a_report_reads(golden: str, subject: Subject, notes: bool, goldens: Path) -> None:
    report = doctor.examine(subject, accepted(subject) if subject.wheel != patient.subject().wheel else ())
    assert shown(subject, report, notes=notes) == (goldens / golden).read_text(encoding="utf-8")


def test_many_reports_read_a_line_a_group(goldens: Path) -> None:
    reports = [
        dataclasses.replace(
            doctor.examine(subject, accepted(subject) if subject.wheel != patient.subject().wheel else ()),
            subject=name,
        )
        for name, subject in (("v1.2.2", healthy()), ("v1.2.3", ill()))
    ]
    lines = [line for report in reports for line in words.lines(report)]
    assert "\n".join(lines) + "\n" == (goldens / "doctor-history.txt").read_text(encoding="utf-8")


def test_what_could_not_be_told_is_no_release() -> None:
    report = doctor.examine(Subject("v1", beforehand=(untold("u", "x", "y"),)), made=[])
    assert words.headline(report) == "v1 is not known to be right: 1 could not be told"


def test_words_from_outside_move_no_cursor() -> None:
    hostile = "\x1b[2Jred\r\n\u202ebold [bold]x[/bold]"
    subject = Subject("v1", beforehand=(blocker(hostile, hostile, hostile), untold(hostile, hostile, "")))
    report = doctor.examine(subject, made=[])
    for text in (shown(subject, report), "\n".join(words.lines(report))):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[bold]x[/bold]" in text


def test_machines_get_everything() -> None:
    subject = ill()
    known = accepted(subject)
    report = doctor.examine(subject, known)
    (said,) = json.loads(words.as_json([report]))["reports"]
    assert (said["clean"], said["health"], said["subject"]) == (False, "blocked", "v1.2.3")
    assert len(said["findings"]) == len(report.findings)
    assert {f["severity"] for f in said["findings"]} == {"blocker", "warning", "note"}
    skipped = [f for f in said["findings"] if f["check"] == "tests-disabled"]
    assert {(f["accepted"], f["blocks"]) for f in skipped} == {("they need a TPU, see #1", False)}
    assert {f["digest"] for f in skipped} == {entry.what for entry in known[:-1]}
    assert said["could_not_tell"][0]["what"] == "there is no TensorFlow 2.0.0 for Python 3.11.7"
