"""There are release notes, and they say what the release was tested against."""

from __future__ import annotations

from release_tools.gates import Facts, result
from release_tools.release import notes as release_notes
from release_tools.release.nouns import GateResult


def judge(facts: Facts) -> GateResult:
    """More than a heading."""
    if not facts.notes.strip():
        return result(__name__, f"{release_notes.PATH} says nothing of {facts.version}", passed=False)
    if not release_notes.states_tested(facts.notes):
        what = "no “Tested against” line: give --tested-against, or write it under the next release"
        return result(__name__, what, passed=False)
    return result(__name__, f"{len(facts.notes.splitlines())} lines", passed=True)
