"""What a plan pins: the same request is the same plan, and what it takes decides who must consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from few import EVERYTHING
from few import SMOKE as RECIPES

from convergence import records, trial
from convergence.errors import UserError
from convergence.model import Kind, Recipe, Status
from release_tools import plan
from release_tools.model import IssueComment, Person, PullRequest
from release_tools.plan import Commit, Hold, Plan, Wanted
from release_tools.policy import Budgets, Policy, Technique

PRUNING = RECIPES["pruning/mobilenetv2-digits-50"]
MONA = Person("mona", 1)
COMMENT = IssueComment(7, MONA, "/converge", datetime(2026, 1, 1, tzinfo=UTC), "")
PULL = PullRequest(
    "tensorflow/models", 3, MONA, "", "", "open", False, "master", "b" * 40, "topic", "a" * 40,
    "tensorflow/models", (), "",
)  # fmt: skip
COMMITS = Commit("tensorflow/model-optimization", "c" * 40), Commit("tensorflow/models", "a" * 40)
FULL = replace(
    PRUNING,
    name="resnet",
    tier="full",
    start="",
    cost=56.0,
    cost_unit="GPU-hours",
    claims=(replace(PRUNING.claims[0], recipe="resnet", sigma=0.1, sigma_dof=9, references=(), margin=0.5),),
)


def made(
    wanted: Wanted = Wanted(("pruning",)),  # noqa: B008 - frozen
    policy: Policy = Policy(),  # noqa: B008
    recipes: dict[str, Recipe] = RECIPES,
    pull: PullRequest = PULL,
    **options: bool,
) -> Plan:
    return plan.make(wanted, COMMENT, pull, recipes, COMMITS, policy, **options)


def test_everything_is_pinned() -> None:
    assert made(Wanted(("pruning",), seeds=1)) == Plan(
        request_id="07e8906bd53758d3",
        comment_id=7,
        requested_by="mona",
        repository="tensorflow/models",
        pull_request=3,
        head_sha="a" * 40,
        tfmot=COMMITS[0],
        models=COMMITS[1],
        techniques=("pruning",),
        tier="smoke",
        recipes={r.id: r for r in (RECIPES["uncompressed/mobilenetv2-digits"], PRUNING)},
        looks=(1, 3, 7),
        seeds_extra=1,
        harness=trial.harness_digest(),
        costs={"CPU-minutes": 4.4},
    )


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    written = made(pull=replace(PULL, head_repository="carl/models"))
    records.write(tmp_path / "plan.json", written)
    assert records.read(tmp_path / "plan.json", Plan) == written


def test_a_request_told_twice_is_one_request() -> None:
    assert plan.request_id(7, "a" * 40) == plan.request_id(7, "a" * 40)
    assert len({plan.request_id(c, sha * 40) for c in (7, 8) for sha in "ab"}) == 4


def test_seeds_follow_from_the_content_that_is_built() -> None:
    ours = made().campaign("digest", {"python": "3"}, "")
    assert (ours.seeds_from, ours.content_digest, ours.looks) == ("digest", "digest", (1, 3, 7))
    assert [t.seed for t in ours.chain(PRUNING, 0)] == 2 * [trial.seed(RECIPES, PRUNING, "digest", 0)]


@pytest.mark.parametrize(
    ("pull", "options", "policy", "hold"),
    [
        (PULL, {}, Policy(), ()),
        (replace(PULL, head_repository="carl/models"), {}, Policy(), (Hold.FORK,)),
        (replace(PULL, head_repository=""), {}, Policy(), (Hold.FORK,)),
        (PULL, {"unreviewed": True}, Policy(), (Hold.UNREVIEWED,)),
    ],
)
def test_who_must_consent(
    pull: PullRequest, options: dict[str, bool], policy: Policy, hold: tuple[Hold, ...]
) -> None:
    assert made(pull=pull, policy=policy, **options).hold == hold


@pytest.mark.parametrize(
    ("recipe", "budgets", "hold"),
    [
        (FULL, Budgets(per_request=1000), ()),
        (FULL, Budgets(per_request=10), (Hold.BUDGET,)),
        (replace(FULL, cost=0.0), Budgets(per_request=1000), (Hold.COST,)),
        (replace(FULL, cost_unit="cents"), Budgets(per_request=1000), (Hold.COST,)),
    ],
)
def test_what_costs_must_be_consented_to(recipe: Recipe, budgets: Budgets, hold: tuple[Hold, ...]) -> None:
    wanted = Wanted(("pruning",), "full")
    assert made(wanted, Policy(budgets=budgets), RECIPES | {recipe.id: recipe}).hold == hold


@pytest.mark.parametrize("cost", [3000.0, 1e308])
def test_beyond_the_total_nobody_can_consent(cost: float) -> None:
    with pytest.raises(
        UserError, match=r"error\[budget\]: this would take about .* at most 1,000 are allowed"
    ):
        made(
            Wanted(("pruning",), "full", seeds=20),
            Policy(budgets=Budgets(total=1000)),
            RECIPES | {FULL.id: replace(FULL, cost=cost)},
        )


@pytest.mark.parametrize(
    ("wanted", "policy", "said"),
    [
        (Wanted(("prunng",)), Policy(), 'no technique "prunng" has claims; known: pruning, quantization'),
        (Wanted(tier="mist"), Policy(), 'no tier "mist"; known: smoke, full'),
        (Wanted(("pruning",), "full"), Policy(), "no claim of pruning at tier full; known: smoke"),
        (Wanted(tier="full"), Policy(), "no claim of pruning, quantization at tier full; known: smoke"),
        (
            Wanted(("pruning",)),
            Policy(techniques={"pruning": Technique(tiers=("full",))}),
            "the policy does not test pruning at tier smoke; allowed: full",
        ),
        (
            Wanted(),
            Policy(techniques={name: Technique(tiers=("full",)) for name in ("pruning", "quantization")}),
            "the policy tests nothing at tier smoke",
        ),
    ],
)
def test_what_cannot_be_tested_is_said(wanted: Wanted, policy: Policy, said: str) -> None:
    with pytest.raises(UserError) as refused:
        made(wanted, policy)
    assert said in str(refused.value)


def test_a_technique_without_claims_at_the_tier_is_not_left_out_in_silence() -> None:
    with pytest.raises(UserError, match="no claim of quantization at tier full"):
        made(Wanted(("pruning", "quantization"), "full"), recipes=RECIPES | {FULL.id: FULL})


def test_all_techniques_are_those_that_the_policy_tests() -> None:
    policy = Policy(techniques={"quantization": Technique(tiers=("full",))})
    assert made(Wanted(), policy).techniques == ("pruning",)


def test_claims_are_told_by_where_they_stand() -> None:
    beside = replace(PRUNING.claims[0], name="x", kind=Kind.EXACT, status=Status.PROPOSED)
    recipe = replace(PRUNING, claims=(*PRUNING.claims, beside))
    ours = made(recipes=RECIPES | {recipe.id: recipe})
    assert (len(ours.claims(Status.ACCEPTED)), ours.claims(Status.PROPOSED)) == (4, [beside])


def tier_full(*recipes: Recipe) -> dict[str, Recipe]:
    return RECIPES | {recipe.id: recipe for recipe in recipes}


OTHER = replace(FULL, name="other", claims=(replace(FULL.claims[0], recipe="other", headline=False),))
PROPOSED = replace(OTHER, claims=(replace(OTHER.claims[0], status=Status.PROPOSED),))
HEAD = Policy(techniques={"pruning": Technique(headline=("pruning/other/accuracy",))})
PINS_SMOKE = Policy(techniques={"pruning": Technique(headline=("pruning/mobilenetv2-digits-50/accuracy",))})


@pytest.mark.parametrize(
    ("recipes", "policy", "chosen"),
    [
        (tier_full(FULL, OTHER), Policy(), [FULL]),
        (tier_full(FULL, OTHER), HEAD, [OTHER]),
        (tier_full(FULL, OTHER), PINS_SMOKE, [FULL]),
        (tier_full(FULL, PROPOSED), Policy(), [FULL, PROPOSED]),
        (tier_full(OTHER), Policy(), [OTHER]),
    ],
)
def test_at_the_full_tier_only_what_a_technique_stands_or_falls_with_is_trained(
    recipes: dict[str, Recipe], policy: Policy, chosen: list[Recipe]
) -> None:
    assert plan.choose(recipes, policy, Wanted(("pruning",), "full")) == chosen


def test_what_cannot_be_run_is_never_planned() -> None:
    broken = replace(OTHER, not_runnable="Official Models has no such model")
    assert plan.choose(tier_full(FULL, broken), HEAD, Wanted(("pruning",), "full")) == [FULL]
    with pytest.raises(UserError, match="can be run; Official Models has no such model"):
        plan.choose(tier_full(broken), HEAD, Wanted(("pruning",), "full"))


@pytest.mark.parametrize("technique", ["clustering", "collaborative", "pruning", "quantization"])
def test_each_technique_has_one_documented_claim_to_stand_or_fall_with(technique: str) -> None:
    chosen = plan.choose(EVERYTHING, Policy(), Wanted((technique,), "full"))
    assert [claim.headline for recipe in chosen for claim in recipe.claims].count(True) == len(chosen) == 1
