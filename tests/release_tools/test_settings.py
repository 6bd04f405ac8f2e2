"""What an owner has set, as `init --check` tells it: pass, fail, or unknown; never a guess."""

from __future__ import annotations

from pathlib import Path

import pytest
from town import Town

from convergence.errors import UserError
from release_tools import config, installation, settings
from release_tools.github import GitHub
from release_tools.model import Permission
from release_tools.sandbox import inprocess

SOUND = installation.Installation("tensorflow/models", "master", "o/tools", "a" * 40, "v1.0.0")
HISTORY = "convergence-history"


@pytest.fixture
def complete(town: Town) -> Town:
    """A town whose owner has set everything, and where mona administers."""
    files = {path: SOUND.filled(Path(path).name) for path in (installation.STUB, config.PATH)}
    town.world.commit(town.base, "master", files, town.mona)
    town.base.collaborators[town.mona.id] = Permission.ADMIN
    town.base.settings.rules[HISTORY] = settings.NEEDED_RULES
    town.base.settings.environments[installation.ENVIRONMENT] = (town.mona,)
    return town


def check(town: Town, token: str = "") -> dict[str, settings.Finding]:
    with inprocess.connected(town.gateway):
        reader = GitHub(token or town.world.token(town.mona), seconds_between_writes=0)
        return {one.name: one for one in settings.check(town.base.full_name, reader)}


def states(town: Town, token: str = "") -> dict[str, str]:
    return {name: one.state.value for name, one in check(town, token).items()}


def test_all_is_as_it_should_be(complete: Town) -> None:
    assert states(complete) == {
        "workflow": "pass",
        "policy": "pass",
        "ruleset": "pass",
        "environment": "pass",
        "actions": "pass",
        "app": "pass",
        "runners": "unknown",
    }
    assert settings.exit_status(list(check(complete).values())) == 3


def test_nothing_is_set(town: Town) -> None:
    found = check(town)
    failed = {name for name, one in found.items() if one.state is settings.State.FAIL}
    assert failed == {"workflow", "policy", "ruleset", "environment"}
    assert settings.exit_status(list(found.values())) == 1


def test_any_environment_can_be_checked_alone(complete: Town) -> None:
    complete.base.settings.environments["index"] = (complete.mona,)
    with inprocess.connected(complete.gateway):
        github = GitHub(complete.world.token(complete.mona))
        said = [
            [(one.name, one.state.value) for one in settings.check(complete.base.full_name, github, only)]
            for only in ("environment:index", "environment:release")
        ]
    assert said == [[("environment", "pass")], [("environment", "fail")]]


def test_an_environment_without_reviewers_holds_nothing(complete: Town) -> None:
    complete.base.settings.environments[installation.ENVIRONMENT] = ()
    assert check(complete)["environment"].line == "converge-consent has no reviewers"


@pytest.mark.parametrize(("reviewed", "status"), [(True, 0), (False, 1)])
def test_one_setting_alone(complete: Town, reviewed: bool, status: int) -> None:
    """So that a job which waits for consent ends where there is nobody to give it."""
    reviewers = (complete.mona,) if reviewed else ()
    complete.base.settings.environments[installation.ENVIRONMENT] = reviewers
    token = complete.world.workflow_token(complete.base, actions="read")
    with inprocess.connected(complete.gateway):
        found = list(settings.check(complete.base.full_name, GitHub(token), "environment"))
        assert (settings.exit_status(found), [one.name for one in found]) == (status, ["environment"])
        with pytest.raises(UserError, match="unknown-setting"):
            list(settings.check(complete.base.full_name, GitHub(token), "enviroment"))


@pytest.mark.parametrize("rule", settings.NEEDED_RULES)
def test_every_rule_of_the_history_counts(complete: Town, rule: str) -> None:
    left = tuple(one for one in settings.NEEDED_RULES if one != rule)
    complete.base.settings.rules[HISTORY] = left
    found = check(complete)["ruleset"]
    assert (found.state, found.line) == (settings.State.FAIL, f"on {HISTORY} these rules are missing: {rule}")


def test_workflows_that_may_too_much(complete: Town) -> None:
    complete.base.settings.workflows_write = complete.base.settings.workflows_approve = True
    line = "workflows may write unless they say otherwise; workflows may approve pull requests"
    assert check(complete)["actions"].line == line


def test_what_a_token_may_not_see_is_unknown(complete: Town) -> None:
    token = complete.world.workflow_token(complete.base, contents="read", metadata="read")
    assert states(complete, token)["actions"] == "unknown"


def test_a_moving_workflow_fails(complete: Town) -> None:
    moving = SOUND.filled("mot-converge.yml").replace("a" * 40, "main")
    complete.world.commit(complete.base, "master", {installation.STUB: moving}, complete.mona)
    assert states(complete)["workflow"] == "fail"


def test_a_policy_that_cannot_be_read_fails(complete: Town) -> None:
    complete.world.commit(complete.base, "master", {config.PATH: "[budget]\n"}, complete.mona)
    assert "did you mean budgets?" in check(complete)["policy"].line


def test_teams_need_an_app_of_which_nothing_is_told(complete: Town) -> None:
    policy = '[roles]\nmot = ["tensorflow/mot"]\n'
    complete.world.commit(complete.base, "master", {config.PATH: policy}, complete.mona)
    found = check(complete)["app"]
    assert (found.state, found.line) == (
        settings.State.UNKNOWN,
        "whether an App reads tensorflow/mot is not told",
    )
