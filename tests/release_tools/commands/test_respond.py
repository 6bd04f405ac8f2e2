"""`release-tools respond` as a workflow runs it, on the sandbox: plan, outputs, and the calls it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scene import Scene

from convergence import claims, records
from convergence.errors import UserError
from release_tools.commands.respond import command
from release_tools.plan import Hold, Plan
from release_tools.sandbox import inprocess

TECHNIQUES = {recipe.technique for recipe in claims.load().values() if recipe.claims}
CALLS = 13 + len(TECHNIQUES)  # a whole /converge may take: each technique's claim file is looked for


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    with inprocess.connected(made.gateway):
        yield made


def respond(scene: Scene, *words: str) -> Result:
    """Runs the command on what was said last."""
    event = scene.folder / "event.json"
    event.write_text(json.dumps(scene.told[-1]))
    token = scene.world.workflow_token(scene.models, **scene.rights)
    environment = {
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(scene.output),
        "GITHUB_TOKEN": token,
        "GITHUB_LOGIN": "github-actions[bot]",
    }
    return CliRunner().invoke(command, words, env=environment)


def test_an_accepted_request_leaves_a_plan_and_outputs(scene: Scene) -> None:
    scene.say(
        scene.mona, f"/converge pruning @{scene.head} seeds=2 tfmot={scene.tfmot.git.resolve('master')}"
    )
    plan = records.read(scene.plan, Plan)
    assert (plan.requested_by, plan.head_sha, plan.models.sha) == ("mona", scene.head, scene.head)
    assert plan.hold == (Hold.FORK, Hold.UNREVIEWED)
    outputs = dict(line.split("=") for line in scene.output.read_text().splitlines())
    assert outputs == {
        "accepted": "1",
        "hold": "1",
        "request-id": plan.request_id,
        "pull-request": "1",
        "head-sha": scene.head,
        "tfmot-repository": scene.tfmot.full_name,
        "tfmot-sha": plan.tfmot.sha,
        "models-repository": scene.models.full_name,
        "models-sha": scene.head,
        "gpu-hours": "0",
    }


@pytest.mark.parametrize("body", ["/converge", "/converge pruning", "/converge cancel"])
def test_it_takes_few_calls(scene: Scene, body: str) -> None:
    before = len(scene.world.calls)
    scene.say(scene.mona, body, scene.own)
    calls = scene.world.calls[before:]
    assert len(calls) <= CALLS, [f"{call.method} {call.path}" for call in calls]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("/converge pruning", "requests"),
        ("/converge", "requests"),
        ("/converge status", "answers"),
        ("/converge help", "answers"),
        ("/converge cancel", "answers"),
        ("/converge prunng=1", "answers"),
    ],
)
def test_each_command_is_answered_by_one_workflow(scene: Scene, body: str, part: str) -> None:
    scene.write(scene.mona, body, scene.own)
    said = {one: respond(scene, "--dry-run", "--only", one).output for one in ("requests", "answers")}
    assert [one for one, output in said.items() if output] == [part]


@pytest.mark.parametrize("body", ["Thanks!", "/lgtm", "> /converge"])
def test_other_comments_take_none(scene: Scene, body: str) -> None:
    before = len(scene.world.calls)
    scene.say(scene.mona, body, scene.own)
    assert len(scene.world.calls) == before


def test_a_dry_run_says_what_would_be_done(scene: Scene) -> None:
    said = scene.write(scene.mona, "/converge pruning", scene.own)
    result = respond(scene, "--dry-run", "--plan-out", str(scene.plan))
    assert result.exit_code == 0, result.output
    assert [line.split(" ")[0] for line in result.output.splitlines()] == ["react", "test", "check", "reply"]
    assert not scene.plan.exists()
    assert not scene.output.exists()
    assert said.reactions == []
    assert len(scene.own.comments) == 1


def test_json_is_for_machines(scene: Scene) -> None:
    scene.write(scene.mona, "/converge pruning", scene.own)
    result = respond(scene, "--json")
    assert [json.loads(line)["does"] for line in result.output.splitlines()] == [
        "Reaction",
        "Plan",
        "SetCheck",
        "Comment",
    ]


def test_a_policy_may_be_given(scene: Scene, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[budget]")
    scene.write(scene.mona, "/converge", scene.own)
    result = respond(scene, "--policy", str(policy))
    assert isinstance(result.exception, UserError)
    assert str(result.exception) == "error[policy]: no such key; policy.toml: budget; did you mean budgets?"
    assert "did you mean budgets?" in scene.own.comments[-1].body


def test_hearing_loads_neither_pygithub_nor_scipy() -> None:
    script = (
        "import sys; from release_tools import response, slash; slash.parse('/converge');"
        "print([name for name in ('github', 'scipy', 'numpy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
