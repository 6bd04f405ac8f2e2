"""The doctor finds nothing that stops a release, and could tell everything."""

from __future__ import annotations

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
    others = len(facts.doctor.findings)
    return result(
        __name__, f"clean, {others} findings that do not stop it" if others else "clean", passed=True
    )
