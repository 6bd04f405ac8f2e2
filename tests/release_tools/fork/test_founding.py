"""What a fork needs, and how it comes to be on the sandbox: once, in order, never over what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from town import Town

from convergence.errors import UserError
from release_tools import settings
from release_tools.effects import describe
from release_tools.fork import founding
from release_tools.fork.founding import Founding
from release_tools.github import GitHub
from release_tools.model import Permission
from release_tools.protections import LimitWorkflows, ProtectBranch, ProtectEnvironment, Rule
from release_tools.sandbox import faults, inprocess
from release_tools.sandbox.nouns import Repository

HISTORY = "convergence-history"
FOUNDING = Founding("tensorflow/models", "mot/models", HISTORY, ("mot/reviewers", "carl"))


@dataclass
class Stage:
    """mona owns the organisation mot."""

    town: Town

    def __post_init__(self) -> None:
        world = self.town.world
        self.org = world.organization("mot", [self.town.mona])
        self.team = world.team(self.org, "reviewers", [self.town.mona])
        self.hub = GitHub(
            world.token(self.town.mona), login="mona", wait=lambda _: None, seconds_between_writes=0
        )

    @property
    def fork(self) -> Repository:
        found = self.town.world.find("mot/models")
        assert found is not None
        return found

    def found(self, made: Founding = FOUNDING) -> list[str]:
        """Does it; the calls that wrote."""
        before = len(self.town.world.calls)
        for effect in founding.effects(made):
            self.hub.perform(effect)
        return [f"{c.method} {c.path}" for c in self.town.world.calls[before:] if c.method != "GET"]


@pytest.fixture
def stage(town: Town) -> Iterator[Stage]:
    with inprocess.connected(town.gateway):
        yield Stage(town)


def test_all_of_it_in_one_line_each() -> None:
    assert [describe(one) for one in founding.effects(FOUNDING)] == [
        "fork tensorflow/models as mot/models",
        "ruleset “MOT: default branch” on default branch of mot/models: "
        "deletion, non_fast_forward, pull_request",
        "ruleset “MOT: history” on convergence-history of mot/models: "
        "creation, deletion, non_fast_forward, update",
        "environment converge-consent of mot/models waits for mot/reviewers, carl",
        "workflows of mot/models read unless they say otherwise, and approve nothing",
    ]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"fork": "tensorflow/models-mot"}, "GitHub makes no fork beside its parent"),
        ({"fork": "models"}, "is no repository"),
        ({"parent": "a/b/c"}, "is no repository"),
        ({"reviewers": ()}, "0 reviewers: an environment has 1 to 6"),
        ({"reviewers": tuple("abcdefg")}, "7 reviewers: an environment has 1 to 6"),
        ({"reviewers": ("@mona",)}, "is no team and no login"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_done(changed: dict[str, object], what: str) -> None:
    with pytest.raises(UserError, match=what):
        replace(FOUNDING, **changed)  # type: ignore[arg-type]


def test_the_second_time_nothing_is_written(stage: Stage) -> None:
    assert not any(map(stage.hub.is_there, founding.effects(FOUNDING)))
    assert stage.found() == [
        "POST /repos/tensorflow/models/forks",
        "POST /repos/mot/models/rulesets",
        "POST /repos/mot/models/rulesets",
        "PUT /repos/mot/models/environments/converge-consent",
    ]
    assert stage.found() == []
    assert all(map(stage.hub.is_there, founding.effects(FOUNDING)))


def test_what_is_set_is_what_init_check_looks_for(stage: Stage) -> None:
    stage.found()
    found = {one.name: one.state.value for one in settings.check("mot/models", stage.hub)}
    assert (found["ruleset"], found["environment"], found["actions"]) == ("pass", "pass", "pass")
    rules = stage.hub.setting("mot/models", "rules/branches/master").value
    assert [one["type"] for one in rules] == ["deletion", "non_fast_forward", "pull_request"]
    assert stage.fork.settings.environments == {"converge-consent": (stage.team, stage.town.carl)}


def test_what_somebody_changed_is_set_again(stage: Stage) -> None:
    stage.found()
    made = stage.fork.settings
    next(iter(made.rulesets.values())).said["enforcement"] = "disabled"
    made.environments["converge-consent"] = (stage.town.mona,)
    made.workflows_approve = True
    assert [line.partition("models/")[2].rpartition("/")[0] for line in stage.found()] == [
        "rulesets",
        "environments",
        "actions/permissions",
    ]
    assert all(map(stage.hub.is_there, founding.effects(FOUNDING)))
    assert len(made.rulesets) == 2


def test_reviewers_who_consent_to_their_own_requests_are_no_protection(stage: Stage) -> None:
    stage.found()
    stage.fork.settings.self_review.add("converge-consent")
    assert stage.found() == ["PUT /repos/mot/models/environments/converge-consent"]


def test_rulesets_of_others_stay(stage: Stage) -> None:
    stage.town.world.fork(stage.town.base, stage.org)
    sent = {"name": "theirs", "enforcement": "active", "rules": [{"type": "deletion"}]}
    stage.town.call(stage.town.mona, "POST", "/repos/mot/models/rulesets", sent)
    stage.found()
    assert [one.name for one in stage.fork.settings.rulesets.values()] == [
        "theirs",
        "MOT: default branch",
        "MOT: history",
    ]


@pytest.mark.parametrize("parent", ["", "elsewhere/models"])
def test_a_repository_that_is_no_fork_of_it_is_left_alone(stage: Stage, parent: str) -> None:
    world = stage.town.world
    made = world.repository(stage.org, "models", {"README.md": "mine\n"})
    if parent:
        made.parent = world.repository(world.organization("elsewhere"), "models", {"README.md": "x\n"})
    with pytest.raises(UserError, match=r"error\[not-the-fork\]: mot/models is there, and is"):
        stage.found()
    assert made.settings.rulesets == {}


def test_a_fork_under_another_name_is_said(stage: Stage) -> None:
    stage.town.world.fork(stage.town.base, stage.org, "old-name")
    with pytest.raises(UserError, match=r"error\[not-the-fork\]: mot has a fork already, mot/old-name"):
        stage.found()


def test_a_reviewer_that_github_does_not_know_is_said(stage: Stage) -> None:
    made = replace(FOUNDING, reviewers=("mot/nobody",))
    with pytest.raises(UserError, match=r"error\[no-reviewer\]: GitHub knows no mot/nobody"):
        [stage.hub.is_there(one) for one in founding.effects(made)]
    assert stage.town.world.find("mot/models") is None


def test_who_may_not_is_told_what_it_takes(stage: Stage) -> None:
    stage.found()
    hub = GitHub(stage.town.world.token(stage.town.carl), login="carl", seconds_between_writes=0)
    effect = ProtectBranch("mot/models", "x", "y", (Rule("deletion"),))
    with pytest.raises(UserError, match=r"error\[no-permission\].*administration: write"):
        hub.perform(effect)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("skip", [0, 1, 2])
@pytest.mark.parametrize(
    "fault",
    [
        faults.too_many(7),
        faults.bad_gateway(),
        faults.bad_gateway(performed=True),
        faults.dropped(),
        faults.dropped(performed=True),
    ],
    ids=lambda one: one.name,
)
def test_every_fault_and_it_is_there_once(stage: Stage, fault: faults.Fault, skip: int, method: str) -> None:
    stage.town.base.settings.workflows_write = True
    stage.town.world.faults.add(fault, method, skip=skip)
    stage.found()
    assert all(map(stage.hub.is_there, founding.effects(FOUNDING)))
    assert [one.name for one in stage.town.world.repositories() if one.parent] == ["models", "models"]
    assert len(stage.fork.settings.rulesets) == 2


@pytest.mark.parametrize("done", range(5))
def test_killed_after_any_step_the_next_run_goes_on(stage: Stage, done: int) -> None:
    for effect in founding.effects(FOUNDING)[:done]:
        stage.hub.perform(effect)
    stage.found()
    assert all(map(stage.hub.is_there, founding.effects(FOUNDING)))
    assert len(stage.fork.settings.rulesets) == 2


def test_limits_are_looked_at_with_rights_only(stage: Stage) -> None:
    stage.found()
    stage.fork.collaborators[stage.town.carl.id] = Permission.READ
    hub = GitHub(stage.town.world.token(stage.town.carl), login="carl", seconds_between_writes=0)
    with pytest.raises(UserError, match=r"error\[no-permission\]"):
        hub.is_there(LimitWorkflows("mot/models"))


def test_an_environment_without_reviewers_is_not_there(stage: Stage) -> None:
    stage.found()
    stage.fork.settings.environments["converge-consent"] = ()
    assert not stage.hub.is_there(ProtectEnvironment("mot/models", "converge-consent", ("carl",)))
