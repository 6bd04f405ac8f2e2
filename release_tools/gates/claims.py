"""Every technique's headline claims are reproduced, at the tier that counts, for exactly this content."""

from __future__ import annotations

from convergence.model import Outcome
from release_tools.approvals import words
from release_tools.gates import ClaimFact, Facts, result
from release_tools.release.nouns import GateResult

FULL = "full"


def judge(facts: Facts) -> GateResult:
    """A NOT_REPRODUCED stands until the content changes, however often it was tried again."""
    if not facts.claims:
        return result(__name__, "the policy names no technique with a headline claim", passed=False)
    scale = "at full scale" if facts.tier == FULL else f"at the {words.REHEARSAL}"
    wanting = [(one, said) for one in facts.claims if (said := _wanting(one, scale))]
    if wanting:
        first, said = wanting[0]
        more = f", and {len(wanting) - 1} more" if len(wanting) > 1 else ""
        url = next((url for _, url in first.outcomes), "")
        return result(__name__, f"{first.claim} {said}{more}", passed=False, url=url)
    count = f"{len(facts.claims)} of {len(facts.claims)} headline claims"
    what = f"{count} reproduced {scale} for {facts.content_digest[:12]}"
    return result(__name__, what, passed=True, url=facts.claims[0].outcomes[0][1])


def _wanting(claim: ClaimFact, scale: str) -> str:
    found = [outcome for outcome, _ in claim.outcomes]
    if Outcome.NOT_REPRODUCED in found:
        return "is not reproduced"
    return "" if Outcome.REPRODUCED in found else f"has not been reproduced {scale} for this content"
