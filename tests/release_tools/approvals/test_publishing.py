"""One run over a repository: what it shows, what it leaves alone, what it asks for, and when it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import process
import pytest
from click.testing import CliRunner
from town import Town
from walk import POLICY, Walk

from convergence.errors import UserError
from release_tools import config
from release_tools.approvals import publishing, shown
from release_tools.commands import approvals as approvals_command
from release_tools.commands import status as status_command
from release_tools.github import GitHub
from release_tools.model import Comment, SetCheck, SetLabels
from release_tools.policy import Policy, Repositories, Roles
from release_tools.sandbox import checks, comments, pulls
from release_tools.sandbox.nouns import Label

KINDS = {Comment: "comment", SetCheck: "check", SetLabels: "label"}


def kinds(lines: list[str]) -> list[str]:
    return [line.split()[0] for line in lines]


def publish(walk: Walk, what: str = "") -> list[str]:
    run = walk._run()
    run.look(what)
    return list(run.publish(dry_run=False))


def test_all_is_shown_once(walk: Walk) -> None:
    assert kinds(publish(walk)) == ["comment", "check", "label"]
    assert publish(walk) == []
    assert walk.labels == ["mot: home"]
    (check,) = checks.on(walk.base, walk.head)
    assert (check.name, check.conclusion, check.external_id) == (
        "MOT process",
        "action_required",
        "process:pruning",
    )
    assert len(walk.shown()) == 1


def test_a_dry_run_shows_nothing(walk: Walk) -> None:
    run = walk._run()
    run.look()
    assert kinds(list(run.publish(dry_run=True))) == ["comment", "check", "label"]
    assert (walk.labels, walk.shown()) == ([], [])


@pytest.mark.parametrize("what", ["comment", "check", "label"])
def test_what_somebody_took_away_or_changed_comes_back_alone(walk: Walk, what: str) -> None:
    publish(walk)
    if what == "comment":
        walk.issue.comments[-1].body = walk.issue.comments[-1].body.replace("waiting", "done")
    elif what == "check":
        checks.on(walk.base, walk.head)[0].conclusion = "success"
    else:
        walk.issue.labels.clear()
    assert kinds(publish(walk)) == [what]
    assert publish(walk) == []


def test_the_label_of_another_step_goes_and_others_stay(walk: Walk) -> None:
    for name in ("mot: landed", "MOT: Standards", "mot: of somebody", "stat:awaiting review"):
        walk.issue.labels.append(Label(walk.world.ids.next(), name))
    publish(walk)
    assert sorted(walk.labels) == ["mot: home", "mot: of somebody", "stat:awaiting review"]


def test_two_runs_at_once_show_it_once(walk: Walk) -> None:
    one, other = walk._run(), walk._run()
    one.look()
    other.look()
    list(one.publish(dry_run=False))
    list(other.publish(dry_run=False))
    assert len(walk.shown()) == 1
    assert walk.labels == ["mot: home"]
    assert publish(walk) == []


def test_a_policy_that_changes_while_it_is_read_stops_it(walk: Walk) -> None:
    run = walk._run()
    run.look()
    policy = POLICY.format(tier="smoke")
    walk.world.commit(walk.base, "master", {config.PATH: policy}, walk.mona)
    with pytest.raises(UserError, match="moved-meanwhile"):
        list(run.publish(dry_run=False))
    assert walk.shown() == []


def test_a_comment_of_somebody_with_our_marker_is_not_ours(walk: Walk) -> None:
    comments.write(walk.world, walk.base, walk.issue, walk.stan, "<!-- release-tools:process:pruning -->")
    publish(walk)
    assert len(walk.shown()) == 1


def test_a_check_of_somebody_else_with_our_name_is_not_ours(walk: Walk) -> None:
    publish(walk)
    (ours,) = checks.on(walk.base, walk.head)
    ours.app = walk.world.user("evil[bot]")
    assert kinds(publish(walk)) == ["check"]


def test_a_pull_request_about_nothing_is_left_alone(walk: Walk) -> None:
    walk.issue.body = "Fix a typo"
    before = len(walk.world.calls)
    assert publish(walk) == []
    assert (
        len(walk.world.calls) - before <= 4
    )  # the policy and two lists: no call for the pull request itself


def test_a_number_is_looked_at_whatever_it_is_about(walk: Walk) -> None:
    walk.issue.body = "Fix a typo"
    assert walk._run().look_at(walk.issue.number) == []
    with pytest.raises(UserError, match="no-technique"):
        walk._run().look(str(walk.issue.number))


def test_a_technique_is_found_by_its_name(walk: Walk) -> None:
    (state,) = walk._run().look("pruning")
    assert (state.technique, state.pull_request) == ("pruning", walk.issue.number)
    with pytest.raises(UserError, match=r"unknown-technique.*with one: pruning"):
        walk._run().look("prunning")


def test_what_was_closed_with_our_label_is_looked_at_still(walk: Walk) -> None:
    publish(walk)
    pulls.set_state(walk.world, walk.base, walk.issue, "closed", walk.carl)
    assert kinds(publish(walk)) == ["comment", "check"]
    walk.issue.labels.clear()
    assert publish(walk) == []


def test_a_team_that_the_token_cannot_read_is_said(walk: Walk) -> None:
    walk.say(walk.olga, "/home official x")
    token = walk.world.workflow_token(walk.base, contents="read", pull_requests="read", checks="read")
    run = publishing.Run(GitHub(token, login="x[bot]"), walk.base.full_name, None, None, process.RECIPES)
    (state,) = run.look(str(walk.issue.number))
    assert state.steps[0].progress.value == "waiting"
    assert (
        "tensorflow/official cannot be read with this token, which needs members: read" in state.steps[0].why
    )


@pytest.mark.parametrize(
    ("payload", "number"),
    [
        ({"issue": {"number": 7, "pull_request": {"url": "x"}}}, 7),
        ({"issue": {"number": 7}}, 0),
        ({"pull_request": {"number": 8}}, 8),
        ({"schedule": "23 5 * * *"}, 0),
        ({"workflow_run": {"id": 1}}, 0),
        ({}, 0),
    ],
)
def test_which_pull_request_an_event_names(tmp_path: Path, payload: dict[str, object], number: int) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(payload))
    assert publishing.numbered(path) == number


@pytest.mark.parametrize("text", ["", "[]", "7", "{", '{"issue": 7}', '{"pull_request": {"number": "x"}}'])
def test_what_is_no_event(tmp_path: Path, text: str) -> None:
    path = tmp_path / "event.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"error\[event\]"):
        publishing.numbered(path)


@pytest.fixture
def environment(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    rights = {
        "contents": "write",
        "pull_requests": "write",
        "checks": "write",
        "members": "read",
        "actions": "read",
    }
    token = walk.world.app_token(walk.us, [walk.base], **rights)
    monkeypatch.setenv("GITHUB_TOKEN", token)
    monkeypatch.setenv("GITHUB_LOGIN", "mot[bot]")
    monkeypatch.setenv("GITHUB_REPOSITORY", walk.base.full_name)
    monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)


def test_status_shows_a_row_a_technique(walk: Walk, environment: None) -> None:
    result = CliRunner().invoke(status_command.command, [])
    assert result.exit_code == 0, result.output
    assert [line.split() for line in result.output.splitlines()] == [
        ["technique", "pull", "request", "steps", "is", "at", "state", "next"],
        ["pruning", f"#{walk.issue.number}", "○●○○○○○", "1", "home", "waiting", "Official", "Models"],
    ]


def test_status_shows_one_in_full(walk: Walk, environment: None) -> None:
    result = CliRunner().invoke(status_command.command, [str(walk.issue.number)])
    assert result.exit_code == 0
    assert "1  waiting  home: Official Models has not decided yet" in result.output
    assert result.output.endswith("next: Official Models\n      /home official REASON\n")


def test_status_as_a_page(walk: Walk, environment: None, tmp_path: Path) -> None:
    page = tmp_path / "steps.html"
    result = CliRunner().invoke(status_command.command, ["--page", str(page)])
    assert result.exit_code == 0, result.output
    assert f"tensorflow/models#{walk.issue.number}" in page.read_text(encoding="utf-8")
    assert "pruning: waiting at step 1 of 7 (home)" in page.read_text(encoding="utf-8")


def test_status_as_json(walk: Walk, environment: None) -> None:
    result = CliRunner().invoke(status_command.command, ["pruning", "--json"])
    (state,) = json.loads(result.output)
    assert (state["technique"], [one["step"] for one in state["steps"]][:2]) == (
        "pruning",
        ["home", "reproduced by contributor"],
    )


def test_status_of_what_is_blocked_is_1(walk: Walk, environment: None) -> None:
    pulls.set_state(walk.world, walk.base, walk.issue, "closed", walk.carl)
    assert CliRunner().invoke(status_command.command, [str(walk.issue.number)]).exit_code == 1


@pytest.mark.parametrize(("step", "status"), [("done", 0), ("waiting", 0), ("untold", 3), ("blocked", 1)])
def test_the_exit_status(step: str, status: int) -> None:
    made = {
        "done": process.landed,
        "waiting": process.decided,
        "untold": process.approved,
        "blocked": process.Process,
    }[step]()
    if step == "blocked":
        made.pull(state="closed")
    assert publishing.exit_status([made.state()]) == status


def test_approvals_shows_what_an_event_is_about(walk: Walk, environment: None, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": walk.issue.number}}))
    words = ["--event", str(event)]
    said = CliRunner().invoke(approvals_command.command, [*words, "--dry-run"])
    assert (said.exit_code, kinds(said.output.splitlines())) == (0, ["comment", "check", "label"])
    assert CliRunner().invoke(approvals_command.command, words).output == said.output
    assert CliRunner().invoke(approvals_command.command, words).output == ""
    assert CliRunner().invoke(approvals_command.command, []).output == ""


def test_a_technique_with_an_odd_name_has_a_key(town: Town) -> None:
    assert shown.key("pruning") == "process:pruning"
    assert shown.key("a--b").startswith("process:")
    assert shown.key("a--b") != shown.key("a-b-")


def test_of_several_techniques_the_earliest_labels() -> None:
    states = [process.decided().state(), process.Process().state(), process.landed().state()]
    assert shown.label(states, "mot: ") == "mot: home"
    assert shown.label([process.landed().state()], "mot: ") == ""


@pytest.mark.parametrize("which", [0, 1])
def test_a_release_finds_where_a_technique_stands(walk: Walk, which: int) -> None:
    """Of two pull requests about it the one that is further."""
    policy = Policy(Repositories(), Roles(mot=("tensorflow/mot",), official=("tensorflow/official",)))
    walk.world.commit(walk.fork, "other", {"other.py": ""}, walk.carl, start="master")
    other = pulls.open_pull(walk.world, walk.base, walk.carl, "Other", "carl:other", "master", process.BODY)
    issue = (walk.issue, other)[which]
    comments.write(walk.world, walk.base, issue, walk.olga, "/home official users ask for it")
    found = publishing.standing(walk.github(), policy, "pruning")
    assert found
    address = f"https://github.com/tensorflow/models/pull/{issue.number}"
    assert (found[0].pull_request, found[1]) == (issue.number, address)


def test_a_release_of_a_technique_without_a_pull_request(walk: Walk) -> None:
    policy = Policy(Repositories(), Roles(mot=("tensorflow/mot",)))
    assert publishing.standing(walk.github(), policy, "quantization") is None


@pytest.mark.parametrize("number", ["Infinity", "1e999", "-1", str(2**31), '"7x"', "[7]"])
def test_an_event_that_names_no_pull_request_is_refused(tmp_path: Path, number: str) -> None:
    path = tmp_path / "event.json"
    path.write_text(f'{{"pull_request": {{"number": {number}}}}}')
    with pytest.raises(UserError, match=r"error\[event\].*cannot be read"):
        publishing.numbered(path)
