"""What a campaign's verdicts mean together: the worst outcome leads, and somebody is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from convergence.campaign import CampaignResult
from convergence.model import Claim, Outcome, Status

WORST_FIRST = (
    Outcome.NOT_REPRODUCED,
    Outcome.INFRASTRUCTURE,
    Outcome.INCONCLUSIVE,
    Outcome.CANCELLED,
    Outcome.REPRODUCED,
)

HEADLINES = {
    Outcome.NOT_REPRODUCED: "not reproduced",
    Outcome.INFRASTRUCTURE: "without a verdict",
    Outcome.INCONCLUSIVE: "undecided",
    Outcome.CANCELLED: "cancelled",
}
MEANINGS = {
    Outcome.REPRODUCED: "Every documented number holds within its margin on this content of TFMOT.",
    Outcome.NOT_REPRODUCED: "A documented number does not hold on this content of TFMOT; "
    "running it again does not change that.",
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
    """A campaign in a few sentences.

    Attributes:
      outcome: the worst of the claims' outcomes.
      headline: that outcome with the number of claims it is about.
      claims: those claims; empty where it is all of them.
      meaning: what follows from it, and what does not.
      turn: who does what next.
    """

    outcome: Outcome
    headline: str
    claims: tuple[str, ...]
    meaning: str
    turn: str


def summarize(result: CampaignResult) -> Summary:
    """The campaign's outcome, what it means and whose turn it is."""
    outcome = worst(verdict.outcome for verdict in result.verdicts)
    about = [verdict for verdict in result.verdicts if verdict.outcome is outcome]
    called = names(verdict.claim for verdict in result.verdicts)
    return Summary(
        outcome=outcome,
        headline=_headline(len(about), len(result.verdicts), outcome),
        claims=tuple(called[verdict.claim.id] for verdict in about if len(about) < len(result.verdicts)),
        meaning=_meaning(result, outcome),
        turn=_turn(result, outcome),
    )


def names(claims: Iterable[Claim]) -> dict[str, str]:
    """What each of these claims is called, by its id: with its recipe where its technique has several."""
    listed = list(claims)
    several = techniques_of_several_recipes(listed)
    return {
        claim.id: " ".join(
            [claim.technique, *([claim.recipe] if claim.technique in several else []), claim.name]
        )
        for claim in listed
    }


def techniques_of_several_recipes(claims: Iterable[Claim]) -> frozenset[str]:
    """The techniques whose claims here are of more than one recipe."""
    counted = Counter(technique for technique, _ in {(claim.technique, claim.recipe) for claim in claims})
    return frozenset(technique for technique, recipes in counted.items() if recipes > 1)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome that the others cannot make good; INCONCLUSIVE where there is none."""
    found = set(outcomes)
    return next((outcome for outcome in WORST_FIRST if outcome in found), Outcome.INCONCLUSIVE)


def _headline(about: int, judged: int, outcome: Outcome) -> str:
    if not judged:
        return NOTHING
    if outcome is not Outcome.REPRODUCED:
        return f"{about} of {judged} claims {HEADLINES[outcome]}"
    return "The claim is reproduced" if judged == 1 else f"All {judged} claims are reproduced"


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
