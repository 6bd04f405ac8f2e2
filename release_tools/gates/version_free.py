"""The index has nothing under the version, or has this content already (publishing compares every bit)."""

from __future__ import annotations

from release_tools.gates import Facts, result
from release_tools.release.nouns import GateResult


def judge(facts: Facts) -> GateResult:
    """An index never takes a file name twice, not even of what was deleted."""
    found = facts.published.digests
    if found is None:
        return result(__name__, "the package index did not say what it has", passed=False)
    if not found:
        return result(__name__, f"{facts.version} is not on the index", passed=True)
    if found == {facts.wheel_sha256}:
        return result(__name__, f"{facts.version} is on the index already, as this very wheel", passed=True)
    if facts.published.contents == {facts.content_digest}:
        return result(__name__, f"{facts.version} is on the index already, with this content", passed=True)
    other = sorted(found)[0][:12]
    return result(__name__, f"{facts.version} is on the index with other content ({other})", passed=False)
