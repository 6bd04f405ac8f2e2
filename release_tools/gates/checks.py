"""The upstream checks that the policy names are green on the commit; none named, none required."""

from __future__ import annotations

from release_tools.gates import Facts, result
from release_tools.release.nouns import GateResult

GREEN = {"success", "neutral", "skipped"}


def judge(facts: Facts) -> GateResult:
    """A check that is not there is not green."""
    for one in facts.checks:
        if one.conclusion not in GREEN:
            what = f"{one.name}: {one.conclusion or 'not there, or not finished'}"
            return result(__name__, what, passed=False, url=one.url)
    said = (
        f"green: {', '.join(one.name for one in facts.checks)}" if facts.checks else "the policy names none"
    )
    return result(__name__, said, passed=True)
