"""`init --open-pr` and `init --fork` as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from town import Town

from convergence.errors import UserError
from release_tools.commands import init
from release_tools.sandbox import inprocess

TOOLS = f"o/tools@{'a' * 40}"
FORK = ("--repo", "tensorflow/models", "--fork", "mot/models", "--reviewer", "mot/reviewers")
OFFER = ("--repo", "tensorflow/models", "--open-pr", "--tools", TOOLS, "--version", "v1.0.0")


@pytest.fixture
def mot(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """mona owns the organisation mot, and the token is hers."""
    org = town.world.organization("mot", [town.mona])
    town.world.team(org, "reviewers", [town.mona])
    monkeypatch.setenv("GITHUB_TOKEN", town.world.token(town.mona))
    monkeypatch.setattr("release_tools.github.SECONDS_BETWEEN_WRITES", 0)
    with inprocess.connected(town.gateway):
        yield town


def call(*words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(init.command, words, catch_exceptions=False)
    return ran.exit_code, ran.output


def test_a_fork_is_founded_and_the_second_time_all_is_as_before(mot: Town) -> None:
    status, said = call(*FORK, "--dry-run")
    assert (status, {line.split(" ")[0] for line in said.splitlines()}) == (0, {"would"})
    assert {one.method for one in mot.world.calls} == {"GET"}
    assert mot.world.find("mot/models") is None
    status, said = call(*FORK)
    assert said.splitlines()[0] == "done       fork tensorflow/models as mot/models"
    assert (
        said.splitlines()[-1]
        == "next: release-tools fork sync --repo mot/models --upstream tensorflow/models"
    )
    made = len([one for one in mot.world.calls if one.method != "GET"])
    status, said = call(*FORK)
    assert (status, [line[:9] for line in said.splitlines()]) == (
        0,
        ["as before"] * 5 + ["next: rep", "next: rel"],
    )
    assert len([one for one in mot.world.calls if one.method != "GET"]) == made


def test_a_reviewer_that_there_is_not_is_said_before_anything_is_made(mot: Town) -> None:
    with pytest.raises(UserError, match=r"error\[no-reviewer\]"):
        call(*FORK, "--reviewer", "nobody")
    assert mot.world.find("mot/models") is None


def test_the_plan_as_json(mot: Town) -> None:
    lines = [json.loads(line) for line in call(*FORK, "--dry-run", "--json")[1].splitlines()]
    assert lines[0] == {"effect": "fork tensorflow/models as mot/models", "state": "would be"}
    assert len(lines) == 5


def test_it_is_offered_as_a_pull_request(mot: Town) -> None:
    assert call(*OFFER, "--dry-run")[1].splitlines()[-1] == "would be opened: tensorflow/models"
    status, said = call(*OFFER)
    [number] = [one.number for one in mot.base.issues.values()]
    link = f"https://github.com/tensorflow/models/pull/{number}"
    assert (status, said.splitlines()[0]) == (0, "new       .github/workflows/mot-converge.yml")
    assert said.splitlines()[-1] == f"opened: {link}"
    assert call(*OFFER)[1].splitlines()[-1] == f"as before: {link}"
    said = json.loads(call(*OFFER, "--json")[1].splitlines()[-1])
    assert said == {"state": "as before", "url": link, "refusal": ""}


def test_what_is_refused_ends_with_1(mot: Town) -> None:
    call(*OFFER)
    mot.world.commit(mot.base, "release-tools-init", {"mine.py": ""}, mot.carl)
    status, said = call(*OFFER)
    assert status == 1
    assert said.splitlines()[-1].startswith("refused: release-tools-init has a commit that is not ours")


def test_one_thing_at_a_time() -> None:
    with pytest.raises(UserError, match="exclude each other"):
        call(*FORK, "--open-pr")
