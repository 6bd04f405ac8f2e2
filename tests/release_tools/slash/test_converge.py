"""Who may ask for what, whatever they say; and what is pinned when the answer is yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convergence import claims
from convergence.model import Status
from release_tools import slash
from release_tools.conversation import Asked, Speaker
from release_tools.event import Event
from release_tools.model import (
    CancelRun,
    Check,
    Comment,
    Effect,
    IssueComment,
    Permission,
    Person,
    PullRequest,
    Reaction,
    SetCheck,
    Snapshot,
)
from release_tools.plan import Commit, Plan, request_id
from release_tools.policy import Policy, Roles, Technique
from release_tools.slash import converge
from release_tools.slash.converge import Action, Facts, Request
from release_tools.sources import Sources
from release_tools.underway import CHECK

CLAIMS = claims.FOLDER / "pruning.toml"
HEAD, OLD = "a" * 40, "b" * 40
MONA, CARL = Person("mona", 1), Person("carl", 2)
TIME = datetime(2026, 1, 1, tzinfo=UTC)
RUN = "https://github.com/o/models/actions/runs/5"
FORK = PullRequest(
    "o/models", 3, CARL, "", "", "open", False, "master", OLD, "topic", HEAD, "carl/models", (), ""
)  # fmt: skip
BRANCH = replace(FORK, head_repository="o/models")
FOUND = Sources(Commit("o/tfmot", OLD), Commit("o/models", HEAD), ())
POLICY = Policy(roles=Roles(mot=("o/mot",)), techniques={"pruning": Technique(owners=("owen",))})
STRANGER = Speaker(Permission.READ, {"o/mot": False, "owen": False})


def asked(pull: PullRequest = BRANCH, by: Person = MONA, checks: tuple[Check, ...] = ()) -> Asked:
    comment = IssueComment(7, by, "/converge", TIME, "")
    event = Event("o/models", "master", 3, comment, created=True, on_pull_request=True, run=RUN)
    others = (IssueComment(6, CARL, "/converge", TIME, ""), comment)
    return Asked(event, POLICY, claims.load(), Snapshot(pull, others, (), checks))


def check(comment: int = 7, status: str = "queued", details_url: str = RUN, name: str = CHECK) -> Check:
    return Check(1, name, HEAD, request_id(comment, HEAD), status, "", "", details_url=details_url)


def kinds(request: Request, about: Asked, who: Speaker, head: str = HEAD) -> list[type[Effect | Plan]]:
    return [type(one) for one in converge.decide(request, about, Facts(who, FOUND, head))]


RUNS = [Reaction, Plan, SetCheck, Comment]
REFUSED = [Reaction, Comment]


@pytest.mark.parametrize(
    ("speaker", "run", "status"),
    [
        (Speaker(Permission.ADMIN, {}), RUNS, [Comment]),
        (Speaker(Permission.WRITE, {}), RUNS, [Comment]),
        (Speaker(Permission.TRIAGE, {}), REFUSED, REFUSED),
        (Speaker(Permission.READ, {"o/mot": True}), RUNS, [Comment]),
        (Speaker(Permission.NONE, {"o/mot": True}), RUNS, [Comment]),
        (Speaker(Permission.READ, {"o/mot": None}), REFUSED, REFUSED),
        (Speaker(Permission.READ, {"o/mot": False, "owen": True}), REFUSED, [Comment]),
        (Speaker(Permission.READ, {}), REFUSED, REFUSED),
        (STRANGER, REFUSED, REFUSED),
    ],
)
def test_who_may_ask(speaker: Speaker, run: list[type], status: list[type]) -> None:
    assert kinds(Request(techniques=("pruning",)), asked(), speaker) == run
    assert kinds(Request(Action.STATUS), asked(), speaker) == status
    assert kinds(Request(Action.HELP), asked(), speaker) == status


def test_the_author_may_look_but_not_run() -> None:
    assert kinds(Request(Action.STATUS), asked(by=CARL), STRANGER) == [Comment]
    assert kinds(Request(), asked(by=CARL), STRANGER) == REFUSED


def test_all_techniques_take_a_role_for_all_of_them() -> None:
    policy = Policy(roles=Roles(mot=("o/mot",)), techniques={"pruning": Technique(mot=("lena",))})
    about = replace(asked(), policy=policy)
    lena = Speaker(Permission.READ, {"o/mot": False, "lena": True})
    assert kinds(Request(techniques=("pruning",)), about, lena) == RUNS
    assert kinds(Request(), about, lena) == REFUSED


@pytest.mark.parametrize(
    ("pull", "sha", "head", "found"),
    [
        (BRANCH, "", HEAD, RUNS),
        (BRANCH, HEAD[:7], HEAD, RUNS),
        (BRANCH, HEAD, OLD, REFUSED),
        (BRANCH, "", OLD, REFUSED),
        (BRANCH, OLD, HEAD, REFUSED),
        (FORK, HEAD, HEAD, RUNS),
        (FORK, "", HEAD, REFUSED),
        (FORK, HEAD[:39], HEAD, REFUSED),
        (FORK, HEAD, OLD, REFUSED),
        (replace(FORK, head_repository=""), "", HEAD, REFUSED),
        (replace(BRANCH, state="closed"), "", HEAD, REFUSED),
    ],
)
def test_which_commit_is_meant(pull: PullRequest, sha: str, head: str, found: list[type]) -> None:
    assert kinds(Request(sha=sha), asked(pull), Speaker(Permission.WRITE, {}), head) == found


def test_a_role_for_known_techniques_is_none_for_what_a_pull_request_proposes() -> None:
    known = {recipe.technique for recipe in claims.load().values() if recipe.claims}
    policy = Policy(techniques=dict.fromkeys(known, Technique(mot=("lena",))))
    stated = CLAIMS.read_text().replace("mobilenetv2-digits-50", "other")
    pull = replace(
        BRANCH, body=f"```toml claims uncompressed\n{stated}```\n```toml claims new\n{stated}```\n"
    )
    about = replace(asked(pull), policy=policy)
    speaker = Speaker(Permission.READ, {"lena": True})
    _, made, *_ = converge.decide(Request(), about, Facts(speaker, FOUND, HEAD))
    assert isinstance(made, Plan)
    assert set(made.techniques) == {recipe.technique for recipe in claims.select(claims.load(), [], "smoke")}
    assert made.claims(Status.PROPOSED) == []


MEMBERSHIPS: st.SearchStrategy[Mapping[str, bool | None]] = st.dictionaries(
    st.sampled_from(["o/mot", "owen", "o/else"]), st.sampled_from([False, None])
)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["pruning", "@" + HEAD, "tier=full", "seeds=2", "cancel", "status"]), unique=True
    ),
    MEMBERSHIPS,
    st.sampled_from([Permission.NONE, Permission.READ, Permission.TRIAGE]),
    st.sampled_from([FORK, BRANCH]),
    st.sampled_from([(), (check(6),), (check(7),), (check(5),)]),
)
def test_nobody_without_a_role_starts_or_stops_anything(
    words: list[str],
    memberships: Mapping[str, bool | None],
    permission: Permission,
    pull: PullRequest,
    checks: tuple[Check, ...],
) -> None:
    heard = slash.parse(" ".join(["/converge", *words]))
    if not isinstance(heard, slash.Command):
        return
    stan = Person("stan", 9)
    about = asked(pull, stan, tuple(one for one in checks if one.external_id != request_id(7, HEAD)))
    decided = converge.decide(heard.request, about, Facts(Speaker(permission, memberships), FOUND, HEAD))
    assert not [one for one in decided if isinstance(one, Plan | SetCheck | CancelRun)]


@pytest.mark.parametrize(
    ("found", "decided"),
    [
        (check(), RUNS),
        (check(details_url=RUN + "0"), [Reaction]),
        (check(status="in_progress"), RUNS),
        (check(status="completed"), [Reaction]),
        (check(6), RUNS),
    ],
)
def test_a_request_is_worked_on_by_one_run(found: Check, decided: list[type]) -> None:
    assert kinds(Request(), asked(checks=(found,)), Speaker(Permission.WRITE, {})) == decided


@pytest.mark.parametrize(
    ("by", "permission", "checks", "decided"),
    [
        (MONA, Permission.WRITE, (check(6),), [Reaction, CancelRun, SetCheck, Comment]),
        (CARL, Permission.READ, (check(6),), [Reaction, CancelRun, SetCheck, Comment]),
        (MONA, Permission.READ, (check(6),), REFUSED),
        (CARL, Permission.READ, (check(5),), REFUSED),
        (CARL, Permission.READ, (check(6, name="ci"),), [Comment]),
        (CARL, Permission.READ, (check(6, status="completed"),), [Comment]),
        (
            MONA,
            Permission.WRITE,
            (check(6, details_url="https://x/o/other/actions/runs/5"),),
            [Reaction, Comment],
        ),
        (MONA, Permission.WRITE, (check(6), check(5)), [Reaction, CancelRun, SetCheck, SetCheck, Comment]),
        (MONA, Permission.WRITE, (), [Comment]),
    ],
)
def test_who_stops_what(
    by: Person, permission: Permission, checks: tuple[Check, ...], decided: list[type]
) -> None:
    who = Speaker(permission, {"o/mot": False, "owen": False})
    assert kinds(Request(Action.CANCEL), asked(by=by, checks=checks), who) == decided
