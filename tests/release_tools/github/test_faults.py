"""Whatever goes wrong on the way to GitHub and back, every effect is there once, and nobody waits long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.github.patience import ATTEMPTS, LONGEST_SECONDS
from release_tools.model import CheckStatus, Comment, Conclusion, Effect, Reaction, SetCheck, SetLabels
from release_tools.sandbox import comments, faults
from release_tools.sandbox.faults import Fault

MINUTE = 60.0
FAULTS = {
    "429": (faults.too_many(7), 7.0),
    "secondary limit": (faults.secondary_limit(9), 9.0),
    "secondary limit, no time": (faults.secondary_limit(None), MINUTE),
    "502": (faults.bad_gateway(), 5.0),
    "502 after": (faults.bad_gateway(performed=True), 5.0),
    "dropped": (faults.dropped(), 5.0),
    "dropped after": (faults.dropped(performed=True), 5.0),
}
READS, WRITES = "GET", "POST|PATCH|PUT|DELETE"


@dataclass(frozen=True)
class Wish:
    """An effect, and what there is once it was carried out."""

    effect: Effect
    there: Callable[[], object]
    expected: object


@pytest.fixture
def wish(request: pytest.FixtureRequest, town: Town, repository: str, number: int, head: str) -> Wish:
    """One effect of each kind, on a pull request that has an old comment, check and label of ours."""
    issue = town.base.issues[number]
    said = comments.write(town.world, town.base, issue, town.mona, "/converge")
    check = SetCheck(repository, head, "convergence", "r1", CheckStatus.QUEUED, "Queued", "s")
    done = SetCheck(
        repository, head, "convergence", "r1", CheckStatus.COMPLETED, "Done", "s", Conclusion.SUCCESS
    )

    def bodies() -> object:
        return [one.body.partition("\n")[0] for one in issue.comments]

    def checks() -> object:
        return [(one.external_id, one.conclusion) for one in town.base.checks.values()]

    return {
        "new comment": Wish(Comment(repository, number, "new", "hello"), bodies, ["/converge", "hello"]),
        "reply": Wish(
            Comment(repository, number, "new", "hello", replace=False), bodies, ["/converge", "hello"]
        ),
        "changed comment": Wish(Comment(repository, number, "old", "hello"), bodies, ["/converge", "hello"]),
        "reaction": Wish(
            Reaction(repository, said.id, "eyes"), lambda: [one.content for one in said.reactions], ["eyes"]
        ),
        "new check": Wish(check, checks, [("r1", None)]),
        "changed check": Wish(done, checks, [("r1", "success")]),
        "labels": Wish(
            SetLabels(repository, number, ("new",), ("old",)),
            lambda: [one.name for one in issue.labels],
            ["new"],
        ),
    }[request.param]


@pytest.fixture
def before(wish: Wish, github: GitHub, repository: str, number: int, head: str) -> None:
    """What is there of the effects that change something."""
    if isinstance(wish.effect, Comment) and wish.effect.key == "old":
        github.perform(Comment(repository, number, "old", "what was"))
    if isinstance(wish.effect, SetCheck) and wish.effect.conclusion:
        github.perform(SetCheck(repository, head, "convergence", "r1", CheckStatus.QUEUED, "Queued", "s"))
    github.perform(SetLabels(repository, number, ("old",)))


WISHES = ["new comment", "reply", "changed comment", "reaction", "new check", "changed check", "labels"]


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("name", list(FAULTS))
@pytest.mark.parametrize("wish", WISHES, indirect=True)
def test_every_fault_on_every_write_and_it_is_done_once(
    github: GitHub, town: Town, wish: Wish, waits: list[float], name: str
) -> None:
    fault, seconds = FAULTS[name]
    town.world.faults.add(fault, WRITES)
    github.perform(wish.effect)
    assert (waits, town.world.faults.pending()) == ([seconds], 0)
    assert wish.there() == wish.expected
    github.perform(wish.effect)
    assert wish.there() == wish.expected


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("name", ["502 after", "dropped after"])
@pytest.mark.parametrize("wish", WISHES, indirect=True)
def test_what_was_seen_is_not_believed_after_a_lost_answer(
    github: GitHub, town: Town, wish: Wish, name: str, number: int
) -> None:
    github.snapshot(town.base.full_name, number)
    town.world.faults.add(FAULTS[name][0], WRITES)
    github.perform(wish.effect)
    github.perform(wish.effect)
    assert wish.there() == wish.expected


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("name", list(FAULTS))
@pytest.mark.parametrize("wish", [name for name in WISHES if name != "reaction"], indirect=True)
def test_every_fault_while_looking(
    github: GitHub, town: Town, wish: Wish, waits: list[float], name: str
) -> None:
    fault, seconds = FAULTS[name]
    town.world.faults.add(fault, READS)
    github.perform(wish.effect)
    assert (waits, town.world.faults.pending()) == ([seconds], 0)
    assert wish.there() == wish.expected


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("wish", WISHES, indirect=True)
def test_several_faults_in_a_row(github: GitHub, town: Town, wish: Wish, waits: list[float]) -> None:
    for fault in (faults.dropped(performed=True), faults.bad_gateway(), faults.too_many(3)):
        town.world.faults.add(fault, WRITES)
    github.perform(wish.effect)
    assert wish.there() == wish.expected
    assert sorted(waits) in ([5.0], [3.0, 5.0, 10.0])


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("wish", ["new comment"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.bad_gateway(), "github-failing.*502"),
        (faults.dropped(), "unreachable.*ConnectionError.*running it again repeats nothing"),
        (faults.too_many(7), "rate-limit.*API rate limit exceeded"),
    ],
)
def test_what_goes_wrong_for_ever_is_said(
    github: GitHub, town: Town, wish: Wish, waits: list[float], fault: Fault, said: str
) -> None:
    town.world.faults.add(fault, times=100)
    with pytest.raises(UserError, match=f"{said}|comment on"):
        github.perform(wish.effect)
    assert len(waits) == ATTEMPTS - 1


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("wish", ["new comment"], indirect=True)
def test_nobody_waits_for_hours(github: GitHub, town: Town, wish: Wish, waits: list[float]) -> None:
    town.world.faults.add(faults.too_many(int(LONGEST_SECONDS) + 1))
    with pytest.raises(UserError, match=r"rate-limit.*asks to wait 901 s"):
        github.perform(wish.effect)
    assert waits == []


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("wish", ["new comment"], indirect=True)
def test_a_refusal_is_not_tried_again(
    connect: Callable[..., GitHub], town: Town, wish: Wish, waits: list[float]
) -> None:
    with pytest.raises(UserError, match="no-permission"):
        connect(town.world.workflow_token(town.base, checks="write")).perform(wish.effect)
    assert waits == []
