"""`check-example` as a user runs it: on a folder, on a pull request, and when its report is published."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import examples
import pytest
from click.testing import CliRunner
from examples import LICENCE, TFMOT
from town import Town

from convergence.errors import UserError
from release_tools.bump import checkout
from release_tools.commands import check_example
from release_tools.sandbox import inprocess, pulls
from release_tools.sandbox.world import ACTIONS
from release_tools.standards import importing

MAIN = "import sys; sys.argv[0] = 'release-tools'; from release_tools.cli import main; main()"
GOOD = f"""{LICENCE}
@register_config_factory("mine")
def config():
  import {TFMOT} as tfmot
"""
Call = Callable[..., tuple[int, str]]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is loaded before an example: none of these needs TensorFlow."""
    monkeypatch.setattr(importing, "Limits", functools.partial(importing.Limits, preload=()))


def call(*words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(check_example.command, words, catch_exceptions=False, standalone_mode=True)
    return ran.exit_code, ran.output


def test_a_finding_is_shown_with_file_line_and_what_to_do(quick: None, tmp_path: Path) -> None:
    examples.write(tmp_path, {"example/__init__.py": "", "example/a.py": f"x = 1\nimport {TFMOT}\n"})
    status, said = call(str(tmp_path / "example"), "--rule", "lazy")
    assert status == 1
    assert "example/a.py:2  lazy  imports TFMOT as soon as example.a is imported" in said
    assert "import it inside the function that applies it" in said
    assert "FAILED" in said


def test_json_is_the_report_and_out_keeps_it(quick: None, tmp_path: Path) -> None:
    examples.write(tmp_path, {"example/__init__.py": "", "example/a.py": LICENCE})
    out = tmp_path / "report.json"
    status, said = call(str(tmp_path / "example"), "--rule", "licensed", "--json", "--out", str(out))
    assert status == 0
    assert out.read_text() == said
    found = json.loads(said)
    assert (found["schema"], found["findings"]) == ("tfmot-release-tools/Report", [])
    assert [(one["rule"], one["standing"]) for one in found["rules"]] == [("licensed", "passed")]


def test_without_an_import_it_is_never_clean(tmp_path: Path) -> None:
    examples.write(tmp_path, {"example/__init__.py": "", "example/a.py": LICENCE})
    status, said = call(str(tmp_path / "example"), "--rule", "lazy", "--no-import")
    assert status == 3
    assert "CANNOT BE TOLD" in said


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nowhere"], "error[no-such-path]: there is no nowhere; give a folder or a module\n"),
        ([".", "--rule", "lasy"], 'error[unknown-rule]: no rule "lasy"; known: claimed, contained'),
        ([".", "--publish", "x.json"], "error[not-a-record]"),
        (["tensorflow/models#1", "--isolation", "none"], "error[not-isolated]: isolation is off"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, words: list[str], line: str) -> None:
    (tmp_path / "x.json").write_text("{}")
    if words[0] == ".":
        words = ["tensorflow/models#1" if "--publish" in words else ".", *words[1:]]
    ran = subprocess.run(
        [sys.executable, "-c", MAIN, "check-example", *words],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[-1].startswith(line.strip())


class Stage:
    """carl's pull request, examined with mona's token."""

    def __init__(self, town: Town) -> None:
        self.town = town
        files = {"official/__init__.py": "", "official/projects/old.py": f"import {TFMOT}\n"}
        town.world.commit(town.base, "master", files, town.mona)

    def submit(self, text: str) -> str:
        self.town.world.commit(
            self.town.fork, "topic", {"official/projects/mot/a.py": text}, self.town.carl, start="master"
        )
        made = pulls.open_pull(self.town.world, self.town.base, self.town.carl, "It", "carl:topic", "master")
        return f"tensorflow/models#{made.number}"


@pytest.fixture
def stage(quick: None, town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    real = checkout.fetch

    def fetch(address: str, ref: str, folder: Path, *, token: str) -> str:
        assert (address, token) == ("https://github.com/tensorflow/models.git", "t0ken")
        return real(str(town.base.git.folder), ref, folder)

    token = town.world.workflow_token(
        town.base, contents="read", checks="write", pull_requests="read", metadata="read"
    )
    monkeypatch.setattr(
        checkout, "fetch", lambda address, ref, folder, *, token: fetch(address, ref, folder, token="t0ken")
    )
    monkeypatch.setenv("GITHUB_TOKEN", token)
    monkeypatch.setenv("GITHUB_LOGIN", ACTIONS)
    with inprocess.connected(town.gateway):
        yield Stage(town)


def test_of_a_pull_request_only_what_it_changes_is_examined(stage: Stage) -> None:
    target = stage.submit(f"x = 1\nimport {TFMOT}\n")
    words = ("--isolation", "none", "--allow-unisolated", "--rule", "lazy")
    status, said = call(target, *words)
    assert status == 1
    assert "official/projects/mot/a.py:2" in said
    assert "old.py" not in said


def test_its_code_is_not_run_without_a_container_unless_somebody_takes_it_upon_himself(stage: Stage) -> None:
    target = stage.submit("raise SystemExit\n")
    with pytest.raises(UserError, match=r"error\[not-isolated\]"):
        call(target, "--isolation", "none")


def checked_out(stage: Stage, target: str, folder: Path) -> Path:
    """A clone at the pull request's head, as a workflow's job has it."""
    number = int(target.partition("#")[2])
    git = ["git", "-C", str(folder)]
    folder.mkdir()
    subprocess.run([*git, "init", "--quiet"], check=True)
    where = str(stage.town.base.git.folder)
    subprocess.run([*git, "fetch", "--quiet", where, f"refs/pull/{number}/head"], check=True)
    subprocess.run([*git, "checkout", "--quiet", "FETCH_HEAD"], check=True)
    return folder


def test_what_github_tells_is_enough_to_examine_a_checkout_without_a_token(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, asked, out = (
        stage.submit(f"x = 1\nimport {TFMOT}\n"),
        tmp_path / "asked.json",
        tmp_path / "out.json",
    )
    assert call(target, "--ask", str(asked)) == (0, "")
    checkout_of_it = str(checked_out(stage, target, tmp_path / "models"))
    words = ("--asked", str(asked), "--rule", "lazy", "--out", str(out), "--isolation", "none")
    with monkeypatch.context() as without:
        without.delenv("GITHUB_TOKEN")
        with pytest.raises(UserError, match=r"error\[not-isolated\]"):
            call(checkout_of_it, *words)
        status, said = call(checkout_of_it, *words, "--allow-unisolated")
    assert (status, "official/projects/mot/a.py:2" in said, "old.py" in said) == (1, True, False)
    status, said = call(target, "--publish", str(out), "--dry-run")
    assert "check “MOT example standards” failure on tensorflow/models@" in said


def test_a_checkout_of_another_commit_is_refused(stage: Stage, tmp_path: Path) -> None:
    target, asked = stage.submit("x = 1\n"), tmp_path / "asked.json"
    call(target, "--ask", str(asked))
    folder = checked_out(stage, target, tmp_path / "models")
    identity = ["-c", "user.name=x", "-c", "user.email=x@y"]
    words = ["git", "-C", str(folder), *identity, "commit", "--quiet", "--allow-empty", "-m", "x"]
    subprocess.run(words, check=True)
    for other in (folder, tmp_path):
        with pytest.raises(
            UserError, match=r"error\[other-head\]: the checkout is at .*check out that commit"
        ):
            call(str(other), "--asked", str(asked), "--no-import")


def test_only_a_pull_request_can_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"error\[usage\]: --ask is about a pull request"):
        call(str(tmp_path), "--ask", str(tmp_path / "asked.json"))


def test_a_report_is_published_as_a_check_on_the_head_by_a_call_that_runs_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, out = stage.submit(f"import {TFMOT}\n"), str(tmp_path / "report.json")
    call(target, "--isolation", "none", "--allow-unisolated", "--rule", "lazy", "--out", out)
    monkeypatch.setattr(importing, "run", None)
    status, said = call(target, "--publish", out, "--dry-run")
    assert (status, stage.town.base.checks) == (0, {})
    assert "check “MOT example standards” failure on tensorflow/models@" in said
    assert call(target, "--publish", out) == (0, said)
    number = int(target.partition("#")[2])
    head = stage.town.base.issues[number].pull.head_sha  # type: ignore[union-attr]
    answer = stage.town.call(stage.town.mona, "GET", f"/repos/tensorflow/models/commits/{head}/check-runs")
    [check] = answer.json["check_runs"]
    assert (check["name"], check["conclusion"], check["external_id"]) == (
        "MOT example standards",
        "failure",
        f"standards:{head}",
    )
    call(target, "--publish", out)
    again = stage.town.call(stage.town.mona, "GET", f"/repos/tensorflow/models/commits/{head}/check-runs")
    assert again.json["total_count"] == 1


def test_what_is_published_can_be_kept_on_the_history_branch(stage: Stage, tmp_path: Path) -> None:
    target, out = stage.submit(f"import {TFMOT}\n"), str(tmp_path / "report.json")
    call(target, "--no-import", "--rule", "lazy", "--out", out)
    run = "https://github.com/tensorflow/models/actions/runs/7"
    status, said = call(target, "--publish", out, "--keep", run, "--dry-run")
    assert (status, said.splitlines()[0].partition(" standards/")[0]) == (0, "keep")
    assert " on branch convergence-history of tensorflow/models" in said


def test_a_report_of_another_head_is_not_published(stage: Stage, tmp_path: Path) -> None:
    target, out = stage.submit("x = 1\n"), str(tmp_path / "report.json")
    call(target, "--no-import", "--rule", "lazy", "--out", out)
    stage.town.world.commit(stage.town.fork, "topic", {"more.py": ""}, stage.town.carl)
    with pytest.raises(UserError, match=r"error\[other-head\]: the report is of tensorflow/models#\d+ at"):
        call(target, "--publish", out)


def test_a_report_cannot_be_published_on_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(UserError, match="--publish sets a check on a pull request"):
        call(str(tmp_path), "--publish", str(tmp_path / "x.json"))
