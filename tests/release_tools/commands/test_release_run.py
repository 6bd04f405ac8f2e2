"""`release-tools release …` as a person types it: help, usage, what it shows before it does anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from planned import PLAN

from convergence import records

MAIN = "from release_tools.cli import main; main()"


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", MAIN, "release", *words]
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **environment}
    for name in ("GITHUB_TOKEN", "RELEASE_REHEARSAL_URL"):
        variables.setdefault(name, "")
    return subprocess.run(
        command,
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    records.write(tmp_path / "plan.json", PLAN)
    return tmp_path


@pytest.mark.parametrize("part", [(), ("plan",), ("run",), ("abort",)])
def test_help_has_an_example(tmp_path: Path, part: tuple[str, ...]) -> None:
    ran = run(tmp_path, *part, "--help")
    assert (ran.returncode, "Example" in ran.stdout) == (0, True)


def test_the_parts_are_those_in_the_folder(tmp_path: Path) -> None:
    listed = run(tmp_path, "--help").stdout.partition("Commands:")[2]
    assert {"plan", "run", "abort"} <= {line.split()[0] for line in listed.splitlines() if line.strip()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "0.8"), "error[bad-version]: '0.8' is no release of TFMOT"),
        (("plan",), "error[usage]"),
        (("plan", "0.8.2"), "error[no-token]"),
        (("run", "nothing.json"), "error[usage]"),
        (("run", "plan.json"), "error[usage]: where is it rehearsed?; --rehearsal-upload"),
        (
            ("run", "plan.json", "--no-rehearsal", "--until", "lunch"),
            "error[usage]: no step 'lunch'; known: gate,",
        ),
        (
            ("run", "plan.json", "--no-rehearsal", "--override", "lunch", "--reason", "x"),
            "error[unknown-gate]",
        ),
        (("run", "plan.json", "--no-rehearsal", "--override", "steps"), "error[usage]: each --override has"),
        (
            ("run", "plan.json", "--no-rehearsal", "--override", "steps", "--reason", " "),
            "error[usage]: each --override has",
        ),
        (("run", "plan.json", "--no-rehearsal"), "error[no-token]"),
        (("abort", "plan.json"), "error[no-token]"),
        (("frobnicate",), "error[usage]"),
    ],
)
def test_what_does_not_work_is_one_line(folder: Path, words: tuple[str, ...], said: str) -> None:
    before = sorted(folder.iterdir())
    ran = run(folder, *words)
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert ran.stderr.startswith(said)
    assert sorted(folder.iterdir()) == before


def test_a_release_under_way_is_not_planned_over(tmp_path: Path) -> None:
    (tmp_path / "release-0.8.2").mkdir()
    (tmp_path / "release-0.8.2/audit.jsonl").touch()
    ran = run(tmp_path, "plan", "0.8.2", GITHUB_TOKEN="t")
    assert (ran.returncode, ran.stderr.partition(":")[0]) == (2, "error[under-way]")


@pytest.mark.parametrize("content", ["", "{}", '{"schema": "tfmot-release-tools/Plan", "version": 1}'])
def test_what_is_no_plan_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "plan.json").write_text(content)
    ran = run(tmp_path, "run", "plan.json", "--no-rehearsal", GITHUB_TOKEN="t")
    assert (ran.returncode, ran.stderr.partition(":")[0]) == (2, "error[not-a-record]")


def test_a_plan_with_more_in_it_is_no_plan(folder: Path) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    (folder / "plan.json").write_text(json.dumps(plan | {"token": "x"}))
    ran = run(folder, "run", "plan.json", "--no-rehearsal", GITHUB_TOKEN="t")
    assert ran.stderr.startswith("error[not-a-record]")


def test_the_steps_are_shown_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    from release_tools.release.cli import run as cli
    from release_tools.release.running import ABSENT, Progress, Seen, State

    cli._say(
        [
            Progress("tag", Seen(State.DONE, "v0.8.2", "a" * 40, "https://x/1")),
            Progress("publish", Seen(State.WAITING, "two\nlines \x1b[2J")),
            Progress("confirm", ABSENT),
        ],
        as_json=False,
    )
    assert capsys.readouterr().out == (
        "done     tag       v0.8.2  aaaaaaaaaaaa  https://x/1\n"
        "waiting  publish   two\\nlines \\x1b[2J\n"
        "next     confirm   \n"
    )
