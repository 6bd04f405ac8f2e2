"""The command against the served sandbox, as a person or a workflow runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from town import Town

from release_tools.sandbox import faults
from release_tools.sandbox.server import served

pytestmark = pytest.mark.enable_socket
T = "tensorflow-model-optimization"
MAIN = "from release_tools.cli import main; main()"
WHERE = ("0.8.0", "--no-verify", "--repo", "tensorflow/models")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs the command with mona's token, in an empty folder."""
    town.world.commit(town.base, "master", {"requirements.txt": f"six\n{T}>=0.4.1\n"}, town.mona)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.chdir(tmp_path)
    with served(town.world) as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        monkeypatch.setenv("GITHUB_TOKEN", town.world.token(town.mona))

        def call(*words: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-c", MAIN, "bump-min-version", *words]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        yield call


def test_opens_a_pull_request_through_faults(run: Run, town: Town) -> None:
    for path in ("info/refs", "/pulls", "contents", "repos/tensorflow/models$"):
        town.world.faults.add(faults.bad_gateway(), "GET", path)
    ran = run(*WHERE, "--open-pr", "--label", "mot: bump")
    (issue,) = [one for one in town.base.issues.values() if one.pull]
    assert (ran.returncode, ran.stderr, town.world.faults.pending()) == (0, "", 0)
    assert ran.stdout.splitlines() == [
        "requirements.txt:2  >=0.4.1 → >=0.8.0",
        f"offered 1 file: the minimum of {T} is 0.8.0",
        f"opened: {town.base.html}/pull/{issue.number}",
    ]
    assert (issue.user.login, [label.name for label in issue.labels]) == ("mona", ["mot: bump"])
    again = run(*WHERE, "--open-pr", "--label", "mot: bump", "--json")
    assert json.loads(again.stdout)["offered"]["state"] == "as before"
    town.world.commit(town.base, f"bump-{T}-0.8.0", {"mine": "x"}, town.carl)
    refused = run(*WHERE, "--open-pr")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(
        f"refused[branch-not-ours]: bump-{T}-0.8.0 has a commit that is not ours"
    )


def test_a_dry_run_says_what_would_be(run: Run, town: Town) -> None:
    ran = run(*WHERE, "--open-pr", "--dry-run")
    assert ran.stdout.splitlines()[-1] == f"+{T}>=0.8.0"
    assert ran.stderr.splitlines()[-1].startswith("would have a pull request in tensorflow/models, bump-")
    assert {call.method for call in town.world.calls} == {"GET", "POST"}  # git posts to ask
    assert not town.base.issues


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0.8.0", "--repo", "tensorflow/nothing", "--open-pr"), "error[not-found]"),
        (("0.8.0", "--repo", "nothing", "--open-pr"), "error[bad-repository]"),
        ((*WHERE, "--open-pr", "--base", "nothing"), "error[no-access]"),
        ((*WHERE, "--pull-request", "7"), "error[no-access]"),
        (WHERE, "error[usage]"),
        ((*WHERE, "--open-pr", "--pull-request", "7"), "error[usage]"),
        (("0.8.0", "--open-pr"), "error[usage]"),
        (("--api", "--repo", "tensorflow/models", "--open-pr"), "error[usage]"),
    ],
)
def test_what_does_not_work(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run(*words)
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert ran.stderr.startswith(said)


def test_a_token_without_rights(run: Run, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", town.world.token(town.carl))
    ran = run(*WHERE, "--open-pr")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(
        "error[no-permission]: the token may not write to tensorflow/models: Must have"
    )
    assert "contents: write" in ran.stderr
