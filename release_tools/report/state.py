"""What a report is made of: how far a request is, its plan, and what came out."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from convergence.campaign import CampaignResult
from convergence.model import Claim, Outcome, Status, Verdict
from convergence.results import TrialResult
from release_tools import outcome
from release_tools.plan import Plan


class State(enum.Enum):
    """How far a request is; an ended one has one outcome, and no state stands for two of them."""

    QUEUED = "queued"
    HELD = "held"
    BUILDING = "building"
    TRAINING = "training"
    UNBUILT = "not built"  # the commit's fault, not a machine's
    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not reproduced"
    INCONCLUSIVE = "inconclusive"
    INFRASTRUCTURE = "infrastructure"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self not in {State.QUEUED, State.HELD, State.BUILDING, State.TRAINING}

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that it is, if it is one."""
        return next((one for one in Outcome if one.value == self.value), None)


NEEDS_VERDICTS = {State.REPRODUCED, State.NOT_REPRODUCED, State.INCONCLUSIVE}


@dataclass(frozen=True)
class Report:
    """A request as it stands.

    Attributes:
      head: the pull request's head now; the report is stale where that is another commit.
      attempt: how often this content was asked for, this request included.
      wave: the one in training, of as many as the plan has looks.
      approvers: who can let a held request run.
      reason: why it was cancelled or has no verdict; from anywhere.
      run: address of the workflow run.
      page: address of the full report.
    """

    state: State
    plan: Plan
    head: str
    result: CampaignResult | None = None
    trials: tuple[TrialResult, ...] = ()
    attempt: int = 1
    wave: int = 1
    approvers: tuple[str, ...] = ()
    reason: str = ""
    run: str = ""
    page: str = ""

    def __post_init__(self) -> None:
        if self.state in NEEDS_VERDICTS and not self.verdicts:
            raise ValueError(f"{self.state.value} without a verdict")
        if self.state.ended and self.verdicts and self.state.outcome is not self.worst:
            raise ValueError(f"{self.state.value}, although the verdicts are {self.worst.value}")

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """One a claim, as far as there are any."""
        return self.result.verdicts if self.result else ()

    @property
    def worst(self) -> Outcome:
        """The outcome that the verdicts make together."""
        return outcome.worst(verdict.outcome for verdict in self.verdicts)

    @property
    def stale(self) -> bool:
        """Whether it is about a commit that is not the head any more."""
        return self.head != self.plan.head_sha

    @property
    def smoke(self) -> bool:
        """Whether it shows only that the machinery works."""
        return self.plan.tier == "smoke"

    @property
    def claims(self) -> list[Claim]:
        """What is judged, in the order of the plan."""
        return [claim for recipe in self.plan.recipes.values() for claim in recipe.claims]

    @property
    def proposed(self) -> list[Claim]:
        """Those that only the pull request makes."""
        return self.plan.claims(Status.PROPOSED)


def judged(
    plan: Plan, head: str, result: CampaignResult, trials: tuple[TrialResult, ...], *, attempt: int = 1
) -> Report:
    """The report of a campaign that is over."""
    worst = outcome.worst(verdict.outcome for verdict in result.verdicts)
    return Report(State(worst.value), plan, head, result, trials, attempt)
