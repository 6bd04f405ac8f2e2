"""What a campaign's verdicts mean together: the worst outcome leads, and somebody is next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convergence.campaign import CampaignResult
from convergence.model import Claim, Outcome, Status, Verdict

WORST_FIRST = (
    Outcome.NOT_REPRODUCED,
    Outcome.INFRASTRUCTURE,
    Outcome.INCONCLUSIVE,
    Outcome.CANCELLED,
    Outcome.REPRODUCED,
)
NAMED = 3  # claims that a headline names before it counts the rest

HEADLINES = {
    Outcome.NOT_REPRODUCED: "not reproduced",
    Outcome.INFRASTRUCTURE: "without a verdict",
    Outcome.INCONCLUSIVE: "undecided",
    Outcome.CANCELLED: "cancelled",
}
MEANINGS = {
    Outcome.REPRODUCED: "Every documented number holds within its margin on this content of TFMOT.",
    Outcome.NOT_REPRODUCED: "A documented number does not hold on this content of TFMOT, and running it again "
    "does not change that.",
    Outcome.INFRASTRUCTURE: "Machines failed, not the technique: nothing is known of these claims yet.",
    Outcome.INCONCLUSIVE: "The runs so far decide neither way.",
    Outcome.CANCELLED: "The campaign was stopped before these claims were decided.",
}
TURNS = {
    Outcome.REPRODUCED: "the maintainers decide on the release; this report is the evidence.",
    Outcome.NOT_REPRODUCED: "the author of the change mends it, or the documented number with its source.",
    Outcome.INFRASTRUCTURE: "whoever runs the machines mends them and runs the same command; "
    "finished trials are kept.",
    Outcome.INCONCLUSIVE: "the maintainers ask for more seeds, which only add to these.",
    Outcome.CANCELLED: "whoever stopped it runs the same command; finished trials are kept.",
}
SMOKE = "Smoke claims show that the machinery works; a release rests on the full tier."
FULL_TIER_IS_NEXT = "the author of the change runs the full tier."
PROPOSED = "Proposed claims are shown and never satisfy a gate."
NOTHING = "No claims were judged"


@dataclass(frozen=True)
class Summary:
    """A campaign in three sentences.

    Attributes:
      outcome: the worst of the claims' outcomes.
      headline: that outcome with the claims it is about.
      meaning: what follows from it, and what does not.
      turn: who does what next.
    """

    outcome: Outcome
    headline: str
    meaning: str
    turn: str


def summarize(result: CampaignResult) -> Summary:
    """The campaign's outcome, what it means and whose turn it is."""
    outcome = worst(verdict.outcome for verdict in result.verdicts)
    return Summary(
        outcome, _headline(result.verdicts, outcome), _meaning(result, outcome), _turn(result, outcome)
    )


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome that the others cannot make good; INCONCLUSIVE where there is none."""
    found = set(outcomes)
    return next((outcome for outcome in WORST_FIRST if outcome in found), Outcome.INCONCLUSIVE)


def _headline(verdicts: Sequence[Verdict], outcome: Outcome) -> str:
    if not verdicts:
        return NOTHING
    if outcome is Outcome.REPRODUCED:
        return (
            "The claim is reproduced" if len(verdicts) == 1 else f"All {len(verdicts)} claims are reproduced"
        )
    names = [_name(verdict.claim) for verdict in verdicts if verdict.outcome is outcome]
    named = ", ".join(names[:NAMED])
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} of {len(verdicts)} claims {HEADLINES[outcome]}: {named}{rest}"


def _meaning(result: CampaignResult, outcome: Outcome) -> str:
    sentences = [MEANINGS[outcome]]
    if _only_smoke(result):
        sentences.append(SMOKE)
    if any(verdict.claim.status is Status.PROPOSED for verdict in result.verdicts):
        sentences.append(PROPOSED)
    return " ".join(sentences)


def _turn(result: CampaignResult, outcome: Outcome) -> str:
    if outcome is Outcome.REPRODUCED and _only_smoke(result):
        return FULL_TIER_IS_NEXT
    return TURNS[outcome]


def _only_smoke(result: CampaignResult) -> bool:
    return {recipe.tier for recipe in result.plan.recipes.values() if recipe.claims} == {"smoke"}


def _name(claim: Claim) -> str:
    return f"{claim.technique} {claim.name}"
