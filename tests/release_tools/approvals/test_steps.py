"""Each step, case by case: what counts, what does not, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import asked
import process
import pytest
from process import (
    ANOTHER,
    BEGAN,
    BOT,
    BOTH,
    BUTLER,
    CARL,
    DIGEST,
    GHOST,
    HEAD,
    MARK,
    MONA,
    OFFICIAL_TEAM,
    OLD,
    OLGA,
    OMAR,
    OTHER,
    OWEN,
    POLICY,
    STAN,
    TEAMS,
    Process,
    approved,
    bumped,
    decided,
    found,
    landed,
    lines,
    record,
    released,
)  # fmt: skip

from convergence.model import Outcome, Status
from release_tools.approvals.facts import Installed, Landing, Likeness, Minimum, Published, Push, Unknown
from release_tools.approvals.steps import Actor, Progress, Step
from release_tools.model import Person, ReviewState
from release_tools.policy import Labels, Policy, Roles, Technique

W, D, S, B = Progress.WAITING, Progress.DONE, Progress.STALE, Progress.BLOCKED
CHANGES, DISMISSED, COMMENTED = ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED, ReviewState.COMMENTED
HOMES = ("official", "fork")
NOBODIES = {
    "a stranger": (STAN, "does not speak for"),
    "the author": (CARL, "the author of the pull request"),
    "a bot": (BOT, "a program"),
    "a bot of the policy": (BUTLER, "a program"),
    "a deleted account": (GHOST, "the account is gone"),
    "the owner of the technique": (OWEN, "speaks for the technique's owners"),
    "somebody with two roles": (BOTH, "speaks for both MOT and Official Models"),
}


def names_of(nobodies: dict[str, tuple[Person, str]] = NOBODIES) -> list[str]:
    return list(nobodies)


# The way as a whole


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize(
    ("reached", "progress"),
    [(decided, "dddw"), (approved, "dddd"), (released, "ddddd"), (bumped, "dddddd"), (landed, "ddddddd")],
)
def test_the_steps_in_order(home: str, reached: Callable[[str], Process], progress: str) -> None:
    assert reached(home).progress() == progress.ljust(7, "w")


@pytest.mark.parametrize("home", HOMES)
def test_at_the_end_it_is_nobodys_turn(home: str) -> None:
    state = landed(home).state()
    assert state.current is None
    assert state.complete_to(Step.LANDED)
    assert {one.next_actor for one in state.steps} == {Actor.NOBODY}
    assert {one.why for one in state.steps} == {""}


def test_at_the_beginning_only_what_the_text_says_is_there() -> None:
    assert Process().progress() == "wdwwwww"


@pytest.mark.parametrize("home", HOMES)
def test_whatever_is_done_rests_on_something(home: str) -> None:
    for state in landed(home).state().steps:
        assert any(one.counts for one in state.evidence), state


def test_a_technique_of_another_name_shares_nothing() -> None:
    made = approved()
    made.know(technique="quantization")
    assert made.progress()[1] == "w"
    assert made.progress()[3] == "b"


# 1: home


@pytest.mark.parametrize("who", [OLGA, OMAR])
@pytest.mark.parametrize("home", HOMES)
def test_a_member_of_official_models_decides(who: Person, home: str) -> None:
    made = Process()
    if home == "fork":
        made.pull(repository="tensorflow/models-mot")
    said = made.say(who, f"/home {home} users ask for it")
    state = made.step(Step.HOME)
    assert state.progress is D
    assert [(one.by, one.at, one.url, one.counts) for one in state.evidence] == [
        (who.login, said.created_at, said.url, True)
    ]
    assert "users ask for it" in lines(state)[0]


@pytest.mark.parametrize("name", [*names_of(), "MOT"])
def test_nobody_else_decides(name: str) -> None:
    made = Process()
    who, why = NOBODIES.get(name, (MONA, "speaks for MOT, not for Official Models"))
    made.say(who, "/home official because")
    state = made.step(Step.HOME)
    assert (state.progress, state.next_actor) == (W, Actor.OFFICIAL)
    assert [why in line for line in lines(state)] == [True]
    assert not state.evidence[0].counts


@pytest.mark.parametrize(
    ("body", "changes", "why"),
    [
        ("/home official", {}, "gives no reason"),
        ("/home official because", {"edited": True}, "edited"),
    ],
)
def test_a_decision_that_does_not_count(body: str, changes: dict[str, bool], why: str) -> None:
    made = Process()
    made.say(OLGA, body, **changes)
    state = made.step(Step.HOME)
    assert state.progress is W
    assert why in lines(state)[0]


@pytest.mark.parametrize(
    "body", ["/home", "/home nowhere because", "> /home official x", "text\n/home official x"]
)
def test_what_is_no_decision_says_nothing(body: str) -> None:
    made = Process()
    made.say(OLGA, body)
    assert made.step(Step.HOME).evidence == ()


def test_the_last_decision_counts() -> None:
    made = Process()
    made.say(OLGA, "/home fork at first")
    made.say(OMAR, "/home official on second thoughts")
    state = made.step(Step.HOME)
    assert state.progress is D
    assert [(one.by, one.counts) for one in state.evidence] == [("omar", True), ("olga", False)]


@pytest.mark.parametrize(
    ("bodies", "progress"),
    [
        (("/home official x",), D),
        (("/home official x", "/home fork y"), W),  # the second may be a member's
        (("/home official x", "/home fork"), D),  # without a reason it decides nothing, whoever it is
        (("/home official x", "/home fork y", "/home official z"), D),
    ],
)
def test_a_decision_after_which_somebody_unknown_decided_cannot_be_told(
    bodies: tuple[str, ...], progress: Progress
) -> None:
    made = Process()
    made.know(teams={**TEAMS, OFFICIAL_TEAM: None})
    for who, body in zip((OLGA, STAN, OLGA), bodies, strict=False):
        made.say(who, body)
    state = made.step(Step.HOME)
    assert (state.progress, "members: read" in state.why) == (progress, progress is W)


def test_a_deleted_decision_is_gone() -> None:
    made = Process()
    made.say(OLGA, "/home official x")
    made._snapshot(comments=())
    assert made.step(Step.HOME).progress is W


@pytest.mark.parametrize("home", HOMES)
def test_the_policy_decides_with_a_link(home: str) -> None:
    technique = Technique(home=home, rfc="https://example.org/rfc")
    made = Process(policy=replace(POLICY, techniques={"pruning": technique}))
    made.pull(repository="tensorflow/models" if home == "official" else "tensorflow/models-mot")
    state = made.step(Step.HOME)
    assert (state.progress, state.evidence[0].url) == (D, "https://example.org/rfc")


def test_the_policy_without_a_link_does_not() -> None:
    made = Process(policy=replace(POLICY, techniques={"pruning": Technique(home="official")}))
    state = made.step(Step.HOME)
    assert (state.progress, "rfc" in state.why) == (W, True)


def test_the_policy_overrules_a_comment() -> None:
    technique = Technique(home="official", rfc="https://example.org/rfc")
    made = Process(policy=replace(POLICY, techniques={"pruning": technique}))
    made.say(OLGA, "/home fork I think")
    state = made.step(Step.HOME)
    assert (state.progress, [one.counts for one in state.evidence]) == (D, [True, False])


@pytest.mark.parametrize(
    ("home", "repository"), [("official", "tensorflow/models-mot"), ("fork", "tensorflow/models")]
)
def test_a_pull_request_in_the_wrong_place_is_blocked(home: str, repository: str) -> None:
    made = Process()
    made.pull(repository=repository)
    made.say(OLGA, f"/home {home} x")
    state = made.step(Step.HOME)
    assert (state.progress, state.next_actor) == (B, Actor.CONTRIBUTOR)
    assert repository in state.why


def test_a_fork_that_does_not_exist_blocks() -> None:
    made = Process(policy=replace(POLICY, repositories=replace(POLICY.repositories, fork="")))
    made.say(OLGA, "/home fork x")
    assert (made.step(Step.HOME).progress, made.step(Step.HOME).next_actor) == (B, Actor.OWNER)


def test_names_of_repositories_have_no_case() -> None:
    made = Process()
    made.pull(repository="TensorFlow/Models")
    made.say(OLGA, "/home official x")
    assert made.step(Step.HOME).progress is D


# 2: reproduced by the contributor


@pytest.mark.parametrize(
    ("old", "new", "progress", "why"),
    [
        ("", "", D, ""),
        ("tensorflow_model_optimization-0.8.2.dev0-py2.py3-none-any.whl", "a wheel", W, "names no wheel"),
        ("tensorflow_model_optimization-0.8.2.dev0", "tf_model_optimization_nightly-0.8.2.dev0", D, ""),
        ("5a" * 32, "5a5a", W, "names no wheel"),
        ("```toml claims pruning", "```toml", W, "no claimed numbers"),
        ("```toml claims pruning", "```toml claims quantization", W, "no claimed numbers"),
        ("```toml claims pruning", "```toml claims", W, "cannot be read"),
        ("target = 0.709", "target = ", W, "cannot be read"),
        ("target = 0.709", "targt = 0.709", W, "cannot be read"),
    ],
)
def test_the_text_names_a_wheel_and_numbers(old: str, new: str, progress: Progress, why: str) -> None:
    made = Process()
    made.pull(body=process.BODY.replace(old, new))
    state = made.step(Step.REPRODUCED)
    assert (state.progress, why in state.why) == (progress, True)


def test_an_empty_text_says_nothing() -> None:
    made = Process()
    made.pull(body="")
    assert (made.step(Step.REPRODUCED).progress, made.step(Step.REPRODUCED).next_actor) == (
        W,
        Actor.CONTRIBUTOR,
    )


# 3: standards


@pytest.mark.parametrize(
    ("changes", "progress", "actor"),
    [
        ({}, D, Actor.NOBODY),
        ({"conclusion": "failure"}, W, Actor.CONTRIBUTOR),
        ({"conclusion": "neutral"}, W, Actor.CONTRIBUTOR),
        ({"status": "in_progress", "conclusion": ""}, W, Actor.MOT),
        ({"status": "queued", "conclusion": "success"}, W, Actor.MOT),
        ({"app": "somebody-elses"}, W, Actor.MOT),
        ({"name": "MOT example standard"}, W, Actor.MOT),
        ({"sha": OLD}, W, Actor.MOT),
    ],
)
def test_the_check_is_green_on_the_head(changes: dict[str, str], progress: Progress, actor: Actor) -> None:
    made = Process()
    made.green(**changes)
    state = made.step(Step.STANDARDS)
    assert (state.progress, state.next_actor) == (progress, actor)


@pytest.mark.parametrize(
    ("first", "then", "progress"), [("success", "failure", W), ("failure", "success", D)]
)
def test_the_newest_check_counts(first: str, then: str, progress: Progress) -> None:
    made = Process()
    made.green(conclusion=first)
    made.green(conclusion=then)
    assert made.step(Step.STANDARDS).progress is progress


# 4: the record


def with_record(*records: process.Believed) -> Process:
    made = Process()
    made.say(OLGA, "/home official x")
    made.green()
    made.recorded(*records)
    made.review(MONA)
    made.say(OLGA, f"/approve @{HEAD}")
    return made


@pytest.mark.parametrize(
    ("changes", "progress"),
    [
        ({}, D),
        ({"outcome": Outcome.NOT_REPRODUCED}, B),
        ({"outcome": Outcome.INCONCLUSIVE}, W),
        ({"outcome": Outcome.INFRASTRUCTURE}, W),
        ({"outcome": Outcome.CANCELLED}, W),
        ({"tier": "smoke"}, W),
        ({"status": Status.PROPOSED}, W),
        ({"told": True}, W),
        ({"claim": "pruning/imagenet/sparsity"}, W),
        ({"headline": False}, D),  # what the policy and the accepted claims say counts, not the record
    ],
)
def test_only_accepted_headline_claims_at_the_full_tier_prove(
    changes: dict[str, object], progress: Progress
) -> None:
    assert with_record(record(found(**changes))).step(Step.APPROVED).progress is progress


def test_smoke_never_suffices() -> None:
    made = with_record(record(found(asked.ACCURACY)))
    assert made.step(Step.APPROVED).progress is W


def test_in_a_rehearsal_smoke_stands_for_full_and_every_line_says_so() -> None:
    made = with_record(record(found(asked.ACCURACY)))
    made.policy = process.REHEARSAL
    state = made.step(Step.APPROVED)
    assert state.progress is D
    assert "a rehearsal" in lines(state)[0]


def test_without_an_accepted_claim_nothing_can_be_proven() -> None:
    made = with_record(record())
    made.recipes = {}
    state = made.step(Step.APPROVED)
    assert (state.progress, state.next_actor, "no accepted headline claim" in state.why) == (
        B,
        Actor.MOT,
        True,
    )


def test_a_smoke_claim_in_the_policy_is_not_enough() -> None:
    technique = replace(POLICY.technique("pruning"), headline=(asked.ACCURACY.id,))
    made = with_record(record(found(asked.ACCURACY)))
    made.policy = replace(POLICY, techniques={"pruning": technique})
    assert made.step(Step.APPROVED).progress is B


SECOND = replace(process.HEADLINE, name="latency")


def two_claims(made: Process) -> None:
    full = replace(process.FULL, claims=(process.HEADLINE, SECOND))
    made.recipes = {**process.RECIPES, full.id: full}


@pytest.mark.parametrize(
    ("first", "second", "progress"),
    [
        ((), (), W),
        (("accuracy",), (), W),
        (("accuracy",), ("latency",), D),
        (("accuracy", "latency"), (), D),
    ],
)
def test_every_headline_claim_is_needed(
    first: tuple[str, ...], second: tuple[str, ...], progress: Progress
) -> None:
    def named(names: tuple[str, ...]) -> list[process.Found]:
        return [found(claim=f"pruning/imagenet/{name}") for name in names]

    made = with_record(
        *(record(*named(names), minutes=m) for names, m in ((first, 50), (second, 60)) if names)
    )
    two_claims(made)
    assert made.step(Step.APPROVED).progress is progress


def test_the_policy_may_name_fewer() -> None:
    technique = replace(POLICY.technique("pruning"), headline=(process.HEADLINE.id,))
    made = with_record(record())
    two_claims(made)
    made.policy = replace(POLICY, techniques={"pruning": technique})
    assert made.step(Step.APPROVED).progress is D


@pytest.mark.parametrize(
    ("outcomes", "progress"),
    [
        ((Outcome.NOT_REPRODUCED, Outcome.REPRODUCED), B),
        ((Outcome.REPRODUCED, Outcome.NOT_REPRODUCED), B),
        ((Outcome.INCONCLUSIVE, Outcome.REPRODUCED), D),
        ((Outcome.REPRODUCED, Outcome.INCONCLUSIVE), D),
        ((Outcome.NOT_REPRODUCED, *[Outcome.REPRODUCED] * 9), B),
    ],
)
def test_a_verdict_stands_for_its_content(outcomes: tuple[Outcome, ...], progress: Progress) -> None:
    records = [record(found(outcome=one), minutes=10 + index) for index, one in enumerate(outcomes)]
    assert with_record(*records).step(Step.APPROVED).progress is progress


def test_attempts_are_counted() -> None:
    failed = found(outcome=Outcome.NOT_REPRODUCED)
    made = with_record(record(failed, minutes=10), record(minutes=20), record(minutes=30))
    assert "asked 3 times" in made.step(Step.APPROVED).why


@pytest.mark.parametrize(("last", "progress"), [(ANOTHER, D), (DIGEST, B)])
def test_other_content_of_tfmot_is_judged_anew(last: str, progress: Progress) -> None:
    failed = found(outcome=Outcome.NOT_REPRODUCED)
    made = with_record(record(failed, minutes=10), record(digest=last, minutes=20))
    assert made.step(Step.APPROVED).progress is progress


def test_the_content_that_was_tested_last_counts() -> None:
    failed = found(outcome=Outcome.NOT_REPRODUCED)
    made = with_record(record(minutes=10), record(failed, digest=ANOTHER, minutes=20))
    assert made.step(Step.APPROVED).progress is B


@pytest.mark.parametrize(
    ("examples", "progress"),
    [
        ({HEAD: "1", OLD: "1"}, D),
        ({HEAD: "1", OLD: "2"}, S),
        ({HEAD: "1"}, S),
        ({OLD: "1"}, S),
        ({}, S),
    ],
)
def test_evidence_carries_over_with_the_examples_files(examples: dict[str, str], progress: Progress) -> None:
    made = with_record(record(head=OLD))
    made.know(examples=examples)
    state = made.step(Step.APPROVED)
    assert state.progress is progress
    assert any("carried over" in line for line in lines(state)) is (progress is D)


@pytest.mark.parametrize(
    ("examples", "progress"),
    [({HEAD: "1", OLD: "1"}, B), ({HEAD: "1", OLD: "2"}, D), ({HEAD: "1"}, B)],
)
def test_a_verdict_on_a_commit_that_is_gone_may_be_about_this_content(
    examples: dict[str, str], progress: Progress
) -> None:
    failed = record(found(outcome=Outcome.NOT_REPRODUCED), head=OLD, minutes=10)
    made = with_record(failed, record(minutes=20))
    made.know(examples=examples)
    assert made.step(Step.APPROVED).progress is progress


def test_records_that_cannot_be_read_prove_nothing() -> None:
    made = with_record(record())
    made.know(records=Unknown("the branch is too large"))
    state = made.step(Step.APPROVED)
    assert (state.progress, state.why) == (W, "cannot be told: the branch is too large")


def test_a_run_without_a_time_proves_nothing() -> None:
    made = with_record(replace(record(), at=None))
    assert made.step(Step.APPROVED).progress is W


# 4: MOT's approval


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("who", [MONA, MARK])
def test_mot_approves_by_review(home: str, who: Person) -> None:
    made = decided(home)
    given = made.review(who)
    state = made.step(Step.APPROVED)
    assert state.next_actor is (Actor.OFFICIAL if home == "official" else Actor.NOBODY)
    shown = next(one for one in state.evidence if one.by == who.login and one.counts)
    assert (shown.at, shown.sha, shown.url) == (given.submitted_at, HEAD, given.url)


@pytest.mark.parametrize("name", [*names_of(), "Official Models"])
def test_nobody_else_approves_for_mot(name: str) -> None:
    made = decided("fork")
    who, why = NOBODIES.get(name, (OLGA, "speaks for Official Models, not for MOT"))
    made.review(who)
    state = made.step(Step.APPROVED)
    assert (state.progress, state.next_actor) == (W, Actor.MOT)
    if who is not GHOST:
        assert any(why in line for line in lines(state))


@pytest.mark.parametrize("state", [COMMENTED, ReviewState.PENDING])
def test_a_review_that_says_nothing_decides_nothing(state: ReviewState) -> None:
    made = decided("fork")
    made.review(MONA, state)
    assert made.step(Step.APPROVED).progress is W
    made.review(MONA)
    made.review(MONA, state)
    assert made.step(Step.APPROVED).progress is D


@pytest.mark.parametrize(
    ("reviews", "progress"),
    [
        ([(MONA, CHANGES)], B),
        ([(MONA, ReviewState.APPROVED), (MONA, CHANGES)], B),
        ([(MONA, CHANGES), (MONA, ReviewState.APPROVED)], D),
        ([(MONA, CHANGES), (MARK, ReviewState.APPROVED)], B),
        ([(MARK, ReviewState.APPROVED), (MONA, DISMISSED)], D),
        ([(MONA, DISMISSED)], W),
        ([(MONA, ReviewState.APPROVED), (MONA, DISMISSED)], W),
        ([(MONA, DISMISSED), (MONA, ReviewState.APPROVED)], D),
        ([(MONA, ReviewState.APPROVED), (MARK, ReviewState.APPROVED)], D),
        ([(MONA, ReviewState.APPROVED), (STAN, CHANGES)], D),
        ([(MONA, ReviewState.APPROVED), (CARL, CHANGES)], D),
        ([(MONA, ReviewState.APPROVED), (BOT, CHANGES)], D),
        ([(MONA, ReviewState.APPROVED), (OWEN, CHANGES)], D),
        ([(MONA, ReviewState.APPROVED), (OLGA, CHANGES)], D),  # in the fork Official Models has no say
    ],
)
def test_the_last_review_of_each_that_decides_counts(
    reviews: list[tuple[Person, ReviewState]], progress: Progress
) -> None:
    made = decided("fork")
    for who, state in reviews:
        made.review(who, state)
    assert made.step(Step.APPROVED).progress is progress


def test_changes_that_official_models_asks_for_block_there() -> None:
    made = approved()
    made.review(OLGA, CHANGES)
    state = made.step(Step.APPROVED)
    assert (state.progress, state.next_actor) == (B, Actor.CONTRIBUTOR)
    assert state.why == "olga asks for changes for Official Models"


@pytest.mark.parametrize("sha", [OLD, OTHER, ""])
def test_changes_asked_for_stand_whatever_is_pushed(sha: str) -> None:
    made = approved("fork")
    made.review(MONA, CHANGES, sha=sha)
    assert made.step(Step.APPROVED).progress is B


@pytest.mark.parametrize(
    ("minutes", "progress"), [(-1, W), (-1 / 60, W), (0, W), (1 / 60, D), (1, D), (60 * 24 * 400, D)]
)
def test_mot_approves_after_the_record(minutes: float, progress: Progress) -> None:
    made = decided("fork")
    made.review(MONA, submitted_at=process.at(60 + minutes))
    state = made.step(Step.APPROVED)
    assert state.progress is progress
    assert any("before the numbers were reproduced" in line for line in lines(state)) is (progress is W)


def test_another_record_of_the_same_content_takes_no_approval_away() -> None:
    made = approved("fork")
    made.recorded(record(minutes=600))
    assert made.step(Step.APPROVED).progress is D


@pytest.mark.parametrize("first", ["review", "record"])
def test_an_approval_waits_for_its_record(first: str) -> None:
    made = Process()
    made.say(OLGA, "/home official x")
    made.green()
    if first == "review":
        made.review(MONA)
        made.recorded(record())
    else:
        made.recorded(record())
        made.review(MONA)
    assert made.step(Step.APPROVED).next_actor is (Actor.MOT if first == "review" else Actor.OFFICIAL)


@pytest.mark.parametrize(
    ("likeness", "progress", "said"),
    [
        (Likeness.SAME, D, "the diff is the same"),
        (Likeness.BUMPED, D, "apart from the minimum version"),
        (Likeness.OTHER, S, "has changed since"),
        (None, S, "cannot be told"),
    ],
)
@pytest.mark.parametrize("home", HOMES)
def test_an_approval_carries_over_with_the_same_diff(
    home: str, likeness: Likeness | None, progress: Progress, said: str
) -> None:
    made = approved(home)
    made.push(OTHER, likeness or Likeness.OTHER, example=True)
    made.green(OTHER)
    if likeness is None:
        made.know(likeness={})
    state = made.step(Step.APPROVED)
    assert state.progress is progress
    assert any(said in line for line in lines(state))


def test_a_review_of_a_commit_that_is_gone_does_not_count() -> None:
    made = decided("fork")
    made.review(MONA, sha="")
    state = made.step(Step.APPROVED)
    assert (state.progress, any("no longer exists" in line for line in lines(state))) == (S, True)


def test_a_push_back_to_what_was_approved_is_what_was_approved() -> None:
    made = approved("fork")
    made.push(OTHER)
    assert made.step(Step.APPROVED).progress is S
    made.pull(head_sha=HEAD)
    assert made.step(Step.APPROVED).progress is D


# 4: people


def test_an_ex_member_does_not_count() -> None:
    made = decided("fork")
    made.review(MARK)
    assert made.step(Step.APPROVED).progress is D
    made.know(teams={**TEAMS, process.MOT_TEAM: frozenset()})
    assert made.step(Step.APPROVED).progress is W


def test_a_renamed_member_of_a_team_stays_who_they_are() -> None:
    made = decided("fork")
    made.review(replace(MARK, login="marcus"))
    assert made.step(Step.APPROVED).progress is D


def test_a_renamed_login_of_the_policy_is_nobody_there() -> None:
    made = decided("fork")
    made.review(replace(MONA, login="ramona"))
    assert made.step(Step.APPROVED).progress is W


def test_logins_have_no_case() -> None:
    made = decided("fork")
    made.review(replace(MONA, login="MoNa"))
    assert made.step(Step.APPROVED).progress is D


def test_a_renamed_author_still_does_not_approve() -> None:
    made = decided("fork")
    made.know(teams={**TEAMS, process.MOT_TEAM: frozenset({CARL.id})})
    made.review(replace(CARL, login="karl"))
    assert made.step(Step.APPROVED).progress is W


def test_a_team_that_cannot_be_read_is_unknown_and_says_which_permission() -> None:
    made = decided("fork")
    made.know(teams={**TEAMS, process.MOT_TEAM: None})
    made.review(MARK)
    state = made.step(Step.APPROVED)
    assert state.progress is W
    assert any("tensorflow/mot cannot be read" in line and "members: read" in line for line in lines(state))


def test_who_is_listed_needs_no_team() -> None:
    made = decided("fork")
    made.know(teams={process.MOT_TEAM: None, OFFICIAL_TEAM: None})
    made.review(MONA)
    assert made.step(Step.APPROVED).progress is D


def test_changes_asked_for_by_who_may_be_anybody_block() -> None:
    made = decided("fork")
    made.know(teams={**TEAMS, process.MOT_TEAM: None})
    made.review(MONA)
    made.review(STAN, CHANGES)
    state = made.step(Step.APPROVED)
    assert (state.progress, "cannot be told" in state.why) == (B, True)


def test_a_technique_may_have_reviewers_of_its_own() -> None:
    technique = Technique(mot=("stan",))
    made = decided("fork")
    made.policy = replace(POLICY, techniques={"pruning": technique})
    made.review(MONA)
    assert made.step(Step.APPROVED).progress is W
    made.review(STAN)
    assert made.step(Step.APPROVED).progress is D


def test_an_empty_policy_lets_nobody_do_anything() -> None:
    made = landed()
    made.policy = Policy(repositories=POLICY.repositories, roles=Roles())
    assert made.progress() == "wddwwwb"


# 4: Official Models' word


def mot_has_approved() -> Process:
    made = decided()
    made.review(MONA)
    return made


@pytest.mark.parametrize("who", [OLGA, OMAR])
def test_a_member_of_official_models_says_that_it_may_depend(who: Person) -> None:
    made = mot_has_approved()
    said = made.say(who, f"/approve @{HEAD}")
    state = made.step(Step.APPROVED)
    assert state.progress is D
    shown = next(one for one in state.evidence if one.by == who.login)
    assert (shown.sha, shown.at, shown.url, shown.counts) == (HEAD, said.created_at, said.url, True)


@pytest.mark.parametrize("name", [*names_of(), "MOT"])
def test_nobody_else_says_that(name: str) -> None:
    made = mot_has_approved()
    who, why = NOBODIES.get(name, (MARK, "speaks for MOT"))
    made.say(who, f"/approve @{HEAD}")
    state = made.step(Step.APPROVED)
    assert (state.progress, state.next_actor) == (W, Actor.OFFICIAL)
    assert any(why in line for line in lines(state))


@pytest.mark.parametrize(
    ("body", "changes", "progress", "said"),
    [
        ("/approve", {}, W, "names no commit"),
        (f"/approve @{HEAD[:7]}", {}, W, "fewer than 40 digits"),
        (f"/approve @{HEAD[:39]}", {}, W, "fewer than 40 digits"),
        (f"/approve @{HEAD.upper()}", {}, D, ""),
        (f"/APPROVE @{HEAD}", {}, D, ""),
        (f"/approve @{HEAD}", {"edited": True}, W, "edited"),
        (f"/approve @{OTHER}", {}, S, "cannot be told"),
        (f"> /approve @{HEAD}", {}, W, ""),
        (f"text\n\n/approve @{HEAD}", {}, W, ""),
        (f"/approve @{HEAD} please", {}, W, ""),
        ("looks good", {}, W, ""),
    ],
)
def test_how_it_is_said(body: str, changes: dict[str, bool], progress: Progress, said: str) -> None:
    made = mot_has_approved()
    made.say(OLGA, body, **changes)
    state = made.step(Step.APPROVED)
    assert state.progress is progress
    assert any(said in line for line in lines(state))


def test_before_mot_it_counts_only_when_its_turn_comes_and_says_so() -> None:
    made = decided()
    made.say(OLGA, f"/approve @{HEAD}")
    state = made.step(Step.APPROVED)
    assert (state.progress, state.next_actor) == (W, Actor.MOT)
    early = next(one for one in state.evidence if one.by == "olga")
    assert (early.counts, "counts when its turn comes" in early.what) == (False, True)
    made.review(MONA)
    assert made.step(Step.APPROVED).progress is D


def test_a_review_of_official_models_is_not_its_word() -> None:
    made = mot_has_approved()
    made.review(OLGA)
    assert made.step(Step.APPROVED).progress is W


def test_in_the_fork_nobody_waits_for_official_models() -> None:
    assert approved("fork").step(Step.APPROVED).progress is D


def recorded_by(
    who: Person,
    by: Person = OLGA,
    *,
    link: str = "",
    pushed: timedelta = timedelta(days=-1),
    **changes: object,
) -> Process:
    made = mot_has_approved()
    words = made.say(by, "You may depend on a release with this.", **changes)
    made.know(pushes=(Push(BEGAN + pushed, HEAD),))
    made.say(who, f"/record-approval {link or words.url}")
    return made


@pytest.mark.parametrize("who", [MONA, MARK])
def test_mot_records_what_a_member_of_official_models_said(who: Person) -> None:
    state = recorded_by(who).step(Step.APPROVED)
    assert state.progress is D
    shown = next(one for one in state.evidence if one.by == "olga")
    assert (shown.sha, shown.counts) == (HEAD, True)
    assert f"recorded by {who.login}" in shown.what


@pytest.mark.parametrize("name", [*names_of(), "Official Models"])
def test_nobody_else_records(name: str) -> None:
    who, _ = NOBODIES.get(name, (OMAR, ""))
    assert recorded_by(who).step(Step.APPROVED).progress is W


@pytest.mark.parametrize("name", [*names_of(), "MOT"])
def test_nobody_elses_words_are_recorded(name: str) -> None:
    by, _ = NOBODIES.get(name, (MARK, ""))
    assert recorded_by(MONA, by).step(Step.APPROVED).progress is W


def test_words_that_were_edited_are_not_recorded() -> None:
    state = recorded_by(MONA, edited=True).step(Step.APPROVED)
    assert (state.progress, any("was edited" in line for line in lines(state))) == (W, True)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://github.com/tensorflow/models/pull/4#issuecomment-62", "no comment of this pull request"),
        ("https://github.com/evil/models/pull/3#issuecomment-62", "no comment of this pull request"),
        ("https://github.com/tensorflow/models/pull/3", "no comment of this pull request"),
        (
            "https://github.com/tensorflow/models/pull/3#pullrequestreview-62",
            "no comment of this pull request",
        ),
        ("https://github.com/tensorflow/models/pull/3#issuecomment-999", "is gone"),
        ("word", "no comment of this pull request"),
    ],
)
def test_a_link_to_something_else(link: str, said: str) -> None:
    state = recorded_by(MONA, link=link).step(Step.APPROVED)
    assert (state.progress, any(said in line for line in lines(state))) == (W, True)


@pytest.mark.parametrize(
    "link", ["#issuecomment-62", "https://github.com/TensorFlow/Models/pull/3#issuecomment-62"]
)
def test_other_ways_to_write_the_link(link: str) -> None:
    assert recorded_by(MONA, link=link).step(Step.APPROVED).progress is D


def test_recorded_words_belong_to_the_commit_that_was_the_head() -> None:
    made = recorded_by(MONA)
    made.push(OTHER)
    made.green(OTHER)
    made.recorded(record(head=OTHER, minutes=700))
    made.review(MONA, sha=OTHER)
    state = made.step(Step.APPROVED)
    assert (state.progress, state.next_actor) == (S, Actor.OFFICIAL)


@pytest.mark.parametrize(("seconds", "progress"), [(-1, D), (0, W), (1, W)])
def test_a_push_in_the_same_second_could_have_been_either(seconds: int, progress: Progress) -> None:
    """The words were written in minute 62; commit dates play no part."""
    made = recorded_by(MONA, pushed=timedelta(minutes=62, seconds=seconds))
    assert made.step(Step.APPROVED).progress is progress


@pytest.mark.parametrize("minutes", [61, 62])
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_commits_in_the_same_second_neither_is_sure(minutes: int, order: int) -> None:
    """Both a minute before the words, or one in their very second."""
    made = recorded_by(MONA)
    both = (Push(process.at(61), HEAD), Push(process.at(minutes), OTHER))
    made.know(pushes=both[::order])
    assert made.step(Step.APPROVED).progress is W


def test_where_pushes_are_hidden_nothing_is_recorded() -> None:
    made = recorded_by(MONA)
    made.know(pushes=Unknown("contents: read is missing"))
    state = made.step(Step.APPROVED)
    assert (state.progress, any("contents: read" in line for line in lines(state))) == (W, True)


# 5: the release


@pytest.mark.parametrize(
    ("published", "progress", "why"),
    [
        (Published("0.8.2", DIGEST), D, ""),
        (None, W, "no stable release"),
        (Published("0.8.2", ANOTHER), W, "other content"),
        (Published("0.8.2", DIGEST, yanked=True), W, "yanked"),
        (Published("0.8.2", DIGEST, missing=("tfmot.a", "tfmot.b")), W, "lacks tfmot.a, tfmot.b"),
        (Unknown("the package index did not answer"), W, "cannot be told: the package index did not answer"),
    ],
)
@pytest.mark.parametrize("home", HOMES)
def test_a_release_has_the_content_that_converged(
    home: str, published: Published | Unknown | None, progress: Progress, why: str
) -> None:
    made = approved(home)
    made.know(published=published)
    state = made.step(Step.RELEASED)
    assert (state.progress, why in state.why) == (progress, True)
    assert state.next_actor is (Actor.NOBODY if progress is D else Actor.RELEASE)


def test_a_release_before_its_turn_does_not_count() -> None:
    made = decided()
    made.know(published=Published("0.8.2", DIGEST))
    state = made.step(Step.RELEASED)
    assert state.progress is W
    assert ("step 4" in state.why, [one.counts for one in state.evidence]) == (True, [False])


# 6: the minimum and the final approval


def final(home: str = "official") -> Process:
    made = released(home)
    made.know(minimum=Minimum(True, "official/requirements.txt: >=0.8.2"))
    return made


@pytest.mark.parametrize(
    ("minimum", "progress", "why"),
    [
        (Minimum(True, "x"), D, ""),
        (
            Minimum(False, "official/requirements.txt: >=0.7.0"),
            W,
            "not the release yet: official/requirements.txt",
        ),
        (Unknown("somebody pushed meanwhile"), W, "cannot be told"),
    ],
)
@pytest.mark.parametrize("home", HOMES)
def test_the_head_requires_the_release(
    home: str, minimum: Minimum | Unknown, progress: Progress, why: str
) -> None:
    made = bumped(home)
    made.know(minimum=minimum)
    state = made.step(Step.BUMPED)
    assert (state.progress, why in state.why) == (progress, True)


@pytest.mark.parametrize(
    ("home", "who", "progress"),
    [
        ("official", OLGA, D), ("official", OMAR, D), ("official", MARK, W), ("official", STAN, W),
        ("fork", MARK, D), ("fork", OLGA, D), ("official", BOTH, W), ("official", OWEN, W),
        ("official", CARL, W), ("official", BOT, W), ("official", GHOST, W),
    ],
)  # fmt: skip
def test_whose_review_is_final(home: str, who: Person, progress: Progress) -> None:
    """In the fork the review of step 4 was of this very commit, minimum and all: it is the final one, too."""
    made = final(home)
    made.review(who)
    assert made.step(Step.BUMPED).progress is progress


def test_in_the_fork_a_review_before_the_bump_is_not_final() -> None:
    made = released("fork")
    made.push(OTHER, Likeness.BUMPED)
    made.green(OTHER)
    made.know(minimum=Minimum(True, "x"))
    assert made.progress() == "dddddww"
    assert any("before the minimum was bumped" in line for line in lines(made.step(Step.BUMPED)))
    made.review(MARK, sha=OTHER)
    assert made.progress() == "ddddddw"


def test_a_review_by_official_models_before_the_bump_is_not_final() -> None:
    made = released()
    made.review(OLGA)
    made.push(OTHER, Likeness.BUMPED)
    made.green(OTHER)
    made.know(minimum=Minimum(True, "x"))
    assert made.progress() == "dddddww"


def test_a_final_review_before_the_release_counts_when_its_turn_comes_and_says_so() -> None:
    made = approved()
    made.review(OLGA)
    made.know(minimum=Minimum(True, "x"), published=None)
    state = made.step(Step.BUMPED)
    assert state.progress is W
    early = next(one for one in state.evidence if one.by == "olga")
    assert (early.counts, "counts once step 5" in early.what) == (False, True)
    made.know(published=Published("0.8.2", DIGEST))
    assert made.step(Step.BUMPED).progress is D


def test_a_push_makes_the_final_approval_stale() -> None:
    made = bumped()
    made.push(OTHER)
    made.green(OTHER)
    made.recorded(record(head=OTHER, minutes=900))
    made.review(MONA, sha=OTHER)
    made.say(OLGA, f"/approve @{OTHER}")
    assert made.progress() == "dddddsw"


@pytest.mark.parametrize(("home", "who"), [("official", OLGA), ("fork", MARK)])
def test_changes_asked_for_block_the_last_review_too(home: str, who: Person) -> None:
    made = bumped(home)
    made.review(who, CHANGES)
    assert made.step(Step.BUMPED).progress is B


# 7: landed


@pytest.mark.parametrize(
    ("landing", "installed", "progress", "why"),
    [
        (Landing("merged", HEAD), Installed(True, "x"), D, ""),
        (None, Installed(True, "x"), W, "not on the default branch"),
        (Unknown("git does not answer"), Installed(True, "x"), W, "cannot be told"),
        (Landing("merged", HEAD), Installed(False, "it lacks tfmot.a"), W, "not usable"),
        (Landing("merged", HEAD), Unknown("pip does not answer"), W, "cannot be told"),
    ],
)
@pytest.mark.parametrize("home", HOMES)
def test_it_has_landed_and_works(
    home: str, landing: Landing | Unknown | None, installed: Installed | Unknown, progress: Progress, why: str
) -> None:
    made = landed(home)
    made.know(landing=landing, installed=installed)
    state = made.step(Step.LANDED)
    assert (state.progress, why in state.why) == (progress, True)


@pytest.mark.parametrize(("reached", "step"), [(decided, 4), (approved, 5), (released, 6)])
def test_merged_before_its_turn_cannot_be_missed(reached: Callable[[], Process], step: int) -> None:
    made = reached()
    made.pull(merged=True, state="closed")
    state = made.step(Step.LANDED)
    assert (state.progress, f"out of order: step {step}" in state.why) == (B, True)


@pytest.mark.parametrize("reached", [Process, decided, approved, released])
def test_closed_it_goes_nowhere_and_reopened_it_is_as_before(reached: Callable[[], Process]) -> None:
    made = reached()
    before = made.state()
    made.pull(state="closed")
    current = made.state().current
    assert current
    assert (current.progress, current.next_actor, "reopen it" in current.why) == (B, Actor.CONTRIBUTOR, True)
    made.pull(state="open")
    assert made.state() == before


def test_closed_at_the_end_it_may_have_landed_by_other_ways() -> None:
    made = landed()
    made.pull(state="closed", merged=False)
    assert made.progress() == "ddddddd"


def test_a_label_does_nothing() -> None:
    made = decided()
    before = made.state()
    made.pull(labels=tuple(f"{Labels().prefix}{step.value}" for step in Step))
    assert made.state() == before
