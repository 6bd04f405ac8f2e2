"""What a report is made of: how far a request is, what was fixed for it, and what came out."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from convergence.campaign import CampaignResult
from convergence.model import Claim, Outcome, Status, TrialResult, Verdict
from release_tools import outcome


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
class Request:
    """What was asked for, and fixed before training.

    Attributes:
      id: of the request, as in the check run's external id.
      sha: the commit of the pull request that is tried.
      by: login of who asked.
      claims: what is judged.
      tfmot: `owner/name@sha` that is built.
      models: `owner/name@sha` of Official Models or its fork.
      gpu_hours: estimated for the planned number of runs.
      attempt: how often this content was asked for, this one included.
      url: of the workflow run.
    """

    id: str
    repository: str
    number: int
    sha: str
    by: str
    tier: str
    claims: tuple[Claim, ...]
    tfmot: str
    models: str
    gpu_hours: float
    attempt: int = 1
    url: str = ""


@dataclass(frozen=True)
class Report:
    """A request as it stands.

    Attributes:
      head: the pull request's head now; the report is stale where that is another commit.
      approvers: who can let a held request run.
      wave: the wave in training, of `waves` planned.
      reason: why it is held, was cancelled or has no verdict; from anywhere.
      page: address of the full report.
    """

    state: State
    request: Request
    head: str
    result: CampaignResult | None = None
    trials: tuple[TrialResult, ...] = ()
    wave: int = 0
    waves: int = 0
    approvers: tuple[str, ...] = ()
    reason: str = ""
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
        return self.head != self.request.sha

    @property
    def smoke(self) -> bool:
        """Whether it shows only that the machinery works."""
        return self.request.tier == "smoke"

    @property
    def proposed(self) -> bool:
        """Whether any claim is only proposed."""
        return any(claim.status is Status.PROPOSED for claim in self.request.claims)


def judged(request: Request, head: str, result: CampaignResult, trials: tuple[TrialResult, ...]) -> Report:
    """The report of a campaign that is over."""
    worst = outcome.worst(verdict.outcome for verdict in result.verdicts)
    return Report(State(worst.value), request, head, result, trials)
