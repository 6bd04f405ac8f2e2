"""What a request is going to train and judge: everything that is fixed before anything is built."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from convergence import claims
from convergence.errors import UserError
from convergence.model import STRICT, Claim, Recipe, Status
from release_tools.model import IssueComment, PullRequest
from release_tools.policy import Policy

if TYPE_CHECKING:
    from convergence import campaign
    from release_tools.catalogue import Forecast

GPU_HOURS = "GPU-hours"
SMOKE = "smoke"


class Hold(enum.Enum):
    """Why a plan waits for a reviewer's consent."""

    FORK = "fork"  # its owner has no rights here, and chose what runs
    UNREVIEWED = "unreviewed"  # TFMOT is taken from a commit that may be on no branch
    BUDGET = "budget"
    COST = "cost"  # nobody says what it takes


@dataclass(frozen=True)
class Commit:
    """A commit of a repository, `owner/name`.

    Attributes:
      code: digest of all its files but documentation, where it trains; empty where nobody needed it.
    """

    __pydantic_config__: ClassVar = STRICT

    repository: str
    sha: str
    code: str = ""


@dataclass(frozen=True)
class Wanted:
    """What was asked for: techniques (all, if none is named), tier, and runs beyond those it takes."""

    techniques: tuple[str, ...] = ()
    tier: str = "smoke"
    seeds: int = 0


@dataclass(frozen=True)
class Plan:
    """A request whose every input is pinned.

    Seeds are not here: they follow from the claims and from the content of the wheel that is built, so that
    nobody picks them.

    Attributes:
      request_id: follows from the comment and the head: a request told twice is one request.
      head_sha: of the pull request, as it was asked for.
      recipes: those to judge and those that they start from; their claims say whether they are accepted.
      looks: runs after which claims are judged; each is a wave.
      seeds_extra: runs of each recipe beyond those that decide.
      harness: digest of our code that trains and measures.
      costs: that are expected, by unit.
      hold: why it waits for consent; empty when it does not.
    """

    __pydantic_config__: ClassVar = STRICT

    request_id: str
    comment_id: int
    requested_by: str
    repository: str
    pull_request: int
    head_sha: str
    tfmot: Commit
    models: Commit
    techniques: tuple[str, ...]
    tier: str
    recipes: Mapping[str, Recipe]
    looks: tuple[int, ...]
    seeds_extra: int
    harness: str
    costs: Mapping[str, float]
    hold: tuple[Hold, ...] = ()

    @property
    def gpu_hours(self) -> float:
        """GPU-hours that are expected."""
        return self.costs.get(GPU_HOURS, 0.0)

    def claims(self, status: Status) -> list[Claim]:
        """The accepted claims that are judged, or the proposed ones."""
        return [c for recipe in self.recipes.values() for c in recipe.claims if c.status is status]

    def campaign(self, content_digest: str, versions: Mapping[str, str], data_root: str) -> campaign.Plan:
        """The campaign, once the wheel is built and the machine known."""
        from convergence import campaign

        return campaign.Plan(
            recipes=self.recipes,
            content_digest=content_digest,
            harness=self.harness,
            versions=versions,
            seeds_from=content_digest,
            data_root=data_root,
            looks=self.looks,
        )


def request_id(comment_id: int, head_sha: str) -> str:
    """The id of what a comment asks for at a head: the same whenever it is computed."""
    return hashlib.sha256(f"{comment_id}:{head_sha}".encode()).hexdigest()[:16]


def choose(recipes: Mapping[str, Recipe], policy: Policy, wanted: Wanted) -> list[Recipe]:
    """The recipes whose claims are to be judged; at the full tier those that techniques stand or fall with.

    Raises:
      UserError: unknown-technique, unknown-tier, no-claims; tier, where the policy does not allow it.
    """
    allowed = [t for t in _known(recipes) if wanted.tier in policy.technique(t).tiers]
    chosen = claims.select(recipes, wanted.techniques or allowed, wanted.tier)
    for technique in wanted.techniques:
        if technique not in allowed:
            tiers = ", ".join(policy.technique(technique).tiers)
            what = f"the policy does not test {technique} at tier {wanted.tier}"
            raise UserError("tier", what, hint=f"allowed: {tiers}")
        claims.select(recipes, [technique], wanted.tier)  # refuses where it has none
    if not allowed:
        raise UserError("tier", f"the policy tests nothing at tier {wanted.tier}")
    return chosen if wanted.tier == SMOKE else _headlines(chosen, policy)


def _headlines(chosen: Sequence[Recipe], policy: Policy) -> list[Recipe]:
    """Of each technique the recipes with a headline claim, of the policy or else of the claim file.

    What is only proposed is trained as well, and all of it where there is no headline; everything that is
    documented would take thousands of GPU-hours.
    """
    found: list[Recipe] = []
    for technique in dict.fromkeys(recipe.technique for recipe in chosen):
        own = [recipe for recipe in chosen if recipe.technique == technique]
        ids = set(policy.technique(technique).headline)
        named = [recipe for recipe in own if any(claim.id in ids for claim in recipe.claims)]
        heads = [r.id for r in named or own if named or any(claim.headline for claim in r.claims)]
        proposed = [r.id for r in own if any(claim.status is Status.PROPOSED for claim in r.claims)]
        found += [recipe for recipe in own if recipe.id in {*heads, *proposed}] or own
    return found


def make(
    wanted: Wanted,
    comment: IssueComment,
    pull_request: PullRequest,
    recipes: Mapping[str, Recipe],
    commits: tuple[Commit, Commit],
    policy: Policy,
    *,
    unreviewed: bool = False,
) -> Plan:
    """The plan for a request on the pull request's head.

    Args:
      recipes: accepted ones, with what the pull request proposes.
      commits: of TFMOT and of Official Models, or its fork.
      unreviewed: whether TFMOT's commit may be on no branch.

    Raises:
      UserError: budget, where it would take more than the policy allows at all; those of `choose` and of
        `verdict.expected_runs`.
    """
    from convergence import trial
    from release_tools import catalogue

    chosen = choose(recipes, policy, wanted)
    forecasts = catalogue.expected(recipes, chosen, policy.converge.looks, wanted.seeds)
    costs = _costs(forecasts, policy)
    return Plan(
        request_id=request_id(comment.id, pull_request.head_sha),
        comment_id=comment.id,
        requested_by=comment.author.login,
        repository=pull_request.repository,
        pull_request=pull_request.number,
        head_sha=pull_request.head_sha,
        tfmot=commits[0],
        models=commits[1],
        techniques=tuple(dict.fromkeys(recipe.technique for recipe in chosen)),
        tier=wanted.tier,
        recipes={recipe.id: recipe for recipe in claims.closure(recipes, chosen)},
        looks=policy.converge.looks,
        seeds_extra=wanted.seeds,
        harness=trial.harness_digest(),
        costs=costs,
        hold=_holds(
            (Hold.FORK, pull_request.from_fork),
            (Hold.UNREVIEWED, unreviewed),
            (Hold.BUDGET, costs.get(GPU_HOURS, 0.0) > policy.budgets.per_request),
            (Hold.COST, wanted.tier == "full" and not all(map(_is_known, forecasts))),
        ),
    )


def _costs(forecasts: Sequence[Forecast], policy: Policy) -> dict[str, float]:
    """What is expected, by unit, if nobody has to refuse it."""
    costs: dict[str, float] = {}
    for item in forecasts:
        costs[item.recipe.cost_unit] = round(costs.get(item.recipe.cost_unit, 0.0) + item.cost, 1)
    hours, most = costs.get(GPU_HOURS, 0.0), policy.budgets.total
    if hours > most:
        what = f"this would take about {hours:,.0f} GPU-hours; at most {most:,.0f} are allowed"
        raise UserError("budget", what, hint="name fewer techniques, or a smaller tier")
    return costs


def _holds(*reasons: tuple[Hold, bool]) -> tuple[Hold, ...]:
    return tuple(reason for reason, holds in reasons if holds)


def _is_known(item: Forecast) -> bool:
    """Whether somebody says what GPU-hours it takes."""
    return item.cost > 0 and item.recipe.cost_unit == GPU_HOURS


def _known(recipes: Mapping[str, Recipe]) -> list[str]:
    return sorted({recipe.technique for recipe in recipes.values() if recipe.claims})
