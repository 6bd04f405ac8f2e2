"""Who may override: looked up on GitHub, never taken from what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from convergence.errors import UserError
from release_tools.policy import Policy, Roles
from release_tools.release import authority
from release_tools.settings import Setting

POLICY = Policy(roles=Roles(mot=("tensorflow/mot", "lena")))
ACTIONS = {"GITHUB_REPOSITORY": "tensorflow/models", "GITHUB_RUN_ID": "7", "GITHUB_ACTOR": "lena"}


@dataclass
class Hub:
    login: str = "lena"
    teams: Mapping[str, bool | None] = field(default_factory=dict)
    run: object = None

    def member(self, team: str, login: str) -> bool | None:
        assert team == "tensorflow/mot"
        return self.teams.get(login, False)

    def setting(self, repository: str, path: str) -> Setting:
        assert (repository, path) == ("tensorflow/models", "actions/runs/7")
        return Setting(self.run)


def test_a_persons_token_is_that_person() -> None:
    assert authority.person(Hub("mona"), {"GITHUB_ACTOR": "lena"}) == "mona"


def test_in_a_workflow_it_is_who_started_the_run() -> None:
    hub = Hub("github-actions[bot]", run={"triggering_actor": {"login": "mona"}})
    assert authority.person(hub, ACTIONS) == "mona"


@pytest.mark.parametrize(
    ("run", "environment"),
    [
        (None, ACTIONS),
        ({"triggering_actor": None}, ACTIONS),
        ({"triggering_actor": {"login": "lena"}}, {"GITHUB_ACTOR": "lena"}),
        ({"triggering_actor": {"login": "lena"}}, {**ACTIONS, "GITHUB_RUN_ID": "../7"}),
    ],
)
def test_what_github_does_not_tell_is_nobody(run: object, environment: Mapping[str, str]) -> None:
    with pytest.raises(UserError, match=r"error\[nobody\]"):
        authority.person(Hub("github-actions[bot]", run=run), environment)


@pytest.mark.parametrize("login", ["lena", "Lena", "tina"])
def test_who_speaks_for_tfmot(login: str) -> None:
    authority.require_mot(Hub(teams={"tina": True}), POLICY, login)


@pytest.mark.parametrize("login", ["mona", "unseen", "renovate[bot]", "gardener"])
def test_who_does_not(login: str) -> None:
    hub = Hub(teams={"unseen": None, "renovate[bot]": True, "gardener": True})
    with pytest.raises(UserError, match=r"error\[not-authorised\]"):
        authority.require_mot(hub, POLICY, login)
