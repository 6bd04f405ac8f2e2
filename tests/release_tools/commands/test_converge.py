"""`release-tools converge` with bad input: one clear line, nothing built, nothing trained."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from convergence import claims
from convergence.errors import UserError
from release_tools import local

KNOWN = ", ".join(sorted({recipe.technique for recipe in claims.load().values() if recipe.claims}))
GOOD = local.Request(("pruning",), "smoke", None, None, "HEAD", None, None, Path("out"), Path("data"), 2)


def said(*words: str, cwd: Path) -> tuple[int, str]:
    script = "from release_tools.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", script, "converge", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    assert ran.stdout == ""
    return ran.returncode, ran.stderr.strip()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["prunng"],
            f'error[unknown-technique]: no technique "prunng" has claims; known: {KNOWN}',
        ),
        (["--tier", "mist"], 'error[unknown-tier]: no tier "mist"; known: smoke, full'),
        (
            ["--wheel", "a.whl", "--source", "b"],
            "error[wheel-and-source]: --wheel and --source exclude each other; give one of them",
        ),
    ],
)
def test_bad_input_is_one_line_and_status_2(tmp_path: Path, words: list[str], line: str) -> None:
    assert said(*words, cwd=tmp_path) == (2, line)
    assert not (tmp_path / "out").exists()


def test_a_claim_file_with_a_wrong_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "pruning.toml").write_text('[[recipes]]\nname = "a"\nsteps = 3\n')
    status, line = said("--claims", "claims", cwd=tmp_path)
    assert status == 2
    assert line.startswith("error[claim-file]: ")
    assert "pruning.toml: a." in line


@pytest.mark.parametrize("name", ["tensorflow", "official"])
def test_a_missing_extra_says_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    find = local.importlib.util.find_spec
    monkeypatch.setattr(
        local.importlib.util, "find_spec", lambda asked: None if asked == name else find(asked)
    )
    with pytest.raises(UserError) as refused:
        local.prepare(GOOD, say=lambda step: None, warn=lambda text: None)
    assert 'pip install "tfmot-release-tools[convergence]"' in str(refused.value)


@pytest.mark.training
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--source", "nowhere"], "error["),
        (["--wheel", "nothing.whl"], "error[bad-wheel]"),
    ],
)
def test_a_source_or_wheel_that_is_not_there_is_said(tmp_path: Path, words: list[str], code: str) -> None:
    status, line = said(*words, cwd=tmp_path)
    assert status == 2
    assert line.startswith(code)
    assert "Traceback" not in line


@pytest.mark.parametrize("words", [["--tier"], ["--workers", "0"], ["--nonsense"], ["--claims", "nowhere"]])
def test_a_wrong_option_is_one_line(tmp_path: Path, words: list[str]) -> None:
    status, line = said(*words, cwd=tmp_path)
    assert (status, line[:13]) == (2, "error[usage]:")
    assert "\n" not in line


def test_a_closed_pipe_is_no_negative_verdict() -> None:
    script = "from release_tools.cli import main; main()"
    command = f"{sys.executable} -c '{script}' claims list | true; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert ran.returncode != 1
    assert "Traceback" not in ran.stderr


def test_a_dry_run_is_json_for_machines(tmp_path: Path) -> None:
    script = "from release_tools.cli import main; main()"
    words = [sys.executable, "-c", script, "converge", "--dry-run", "--json"]
    ran = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
    told = json.loads(ran.stdout)
    assert {frozenset(item) for item in told} == {frozenset({"recipe", "runs", "cost", "cost_unit"})}
    assert len({item["recipe"] for item in told}) == len(told)
