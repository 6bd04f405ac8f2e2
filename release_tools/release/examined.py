"""What the doctor found in another job, as `release doctor --json` wrote it beside the wheel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from release_tools.doctor.findings import Finding, Severity
from release_tools.doctor.subject import Need
from release_tools.gates import DoctorFact
from release_tools.release.evidence import Subject

FILE_NAME = "doctor.json"
MAX_BYTES = 4 * 2**20
SCHEMA = 1


def elsewhere(folder: Path, subject: Subject) -> DoctorFact | None:
    """What it found in exactly this commit; None where it did not look at that."""
    path = folder / FILE_NAME
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
        (report,) = content["reports"]
        if (content["schema_version"], report["subject"]) != (SCHEMA, subject.sha):
            return None
        untold = [str(one["what"]) for one in report["could_not_tell"] if not one["accepted"]]
        untold += [said for one in report["left_out"] if (said := left_out(one["check"], one["lacks"]))]
        return DoctorFact(tuple(map(_finding, report["findings"])), tuple(untold))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def left_out(check: str, lacks: str) -> str:
    """That a check was not made, where that says nothing good; a first release has none before it."""
    before = {need.value for need in (Need.PREVIOUS, Need.PREVIOUS_TREE, Need.PREVIOUS_WHEEL)}
    return "" if set(str(lacks).split(", ")) <= before else f"{check} was left out: it needs {lacks}"


def _finding(said: Mapping[str, Any]) -> Finding:
    check, what, where, mend = (str(said[name]) for name in ("check", "what", "where", "mend"))
    return Finding(check, what, where, mend, Severity(said["severity"]), str(said["accepted"]))
