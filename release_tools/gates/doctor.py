"""The doctor finds nothing that stops a release, and could tell everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from release_tools.doctor.findings import Finding, Severity
from release_tools.gates import Facts, result
from release_tools.release.nouns import GateResult


def judge(facts: Facts) -> GateResult:
    """What could not be told does not pass."""
    if facts.doctor is None:
        return result(__name__, "the doctor has not been run", passed=False)
    blockers = [one for one in facts.doctor.findings if one.blocks]
    if blockers:
        first = blockers[0]
        more = f", and {len(blockers) - 1} more" if blockers[1:] else ""
        return result(__name__, f"{first.check}: {first.what} ({first.where}){more}", passed=False)
    if facts.doctor.could_not_tell:
        return result(__name__, f"could not tell: {', '.join(facts.doctor.could_not_tell)}", passed=False)
    return result(__name__, ", ".join(_clean(facts.doctor.findings)), passed=True)


def _clean(findings: Sequence[Finding]) -> Iterator[str]:
    """That it passes, and which blockers somebody has accepted for that."""
    accepted = [one for one in findings if one.severity is Severity.BLOCKER]
    yield "clean"
    if findings:
        yield f"{len(findings)} findings that do not stop it"
    if accepted:
        reasons = dict.fromkeys(f"{one.check} ({one.accepted})" for one in accepted)
        yield f"accepted: {'; '.join(reasons)}"
