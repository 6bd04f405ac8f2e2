from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

T = "tensorflow-model-optimization"
MAIN = "from release_tools.cli import main; main()"
READS = """\
import os
from setuptools import setup

def _requirements():
    with open(os.path.join(os.path.dirname(__file__), '../requirements.txt'), 'r') as f:
        return [line.strip() for line in f if line.strip() and line[0] != '#'], []

install_requires, dependency_links = _requirements()
setup(name='models', install_requires=install_requires)
"""
Bump = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bump:
    """Runs the command in a folder of its own."""
    root = Path(__file__).parents[3]
    monkeypatch.setenv("PYTHONPATH", str(root))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", MAIN, "bump-min-version", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def models(run: Bump) -> list[Path]:
    """Files shaped as Official Models' are."""
    paths = [Path(f"official/{name}requirements.txt") for name in ("", "nightly_")]
    Path("official/pip_package").mkdir(parents=True)
    paths[0].write_text(f"six\ntensorflow~=2.20.0\n# c\n{T}>=0.4.1")
    paths[1].write_text(f"six\n-e git+https://example.invalid/text#egg=text\n{T}>=0.4.1\ntf-nightly\n")
    Path("official/pip_package/setup.py").write_text(READS)
    return paths


def test_raises_official_models(run: Bump, models: list[Path]) -> None:
    ran = run("0.8.0", "--no-verify")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "official/nightly_requirements.txt:3  >=0.4.1 → >=0.8.0",
        "official/requirements.txt:4          >=0.4.1 → >=0.8.0",
        f"changed 2 files: the minimum of {T} is 0.8.0",
    ]
    assert models[0].read_text() == f"six\ntensorflow~=2.20.0\n# c\n{T}>=0.8.0"
    assert models[1].read_text().splitlines()[2] == f"{T}>=0.8.0"
    again = run("0.8.0", "--no-verify")
    assert (again.returncode, again.stdout.splitlines()[-1]) == (
        0,
        f"unchanged: {T} is at or above 0.8.0 already",
    )


def test_a_setup_py_leads_to_its_requirements(run: Bump, models: list[Path]) -> None:
    ran = run("0.8.0", "official/pip_package/setup.py", "--no-verify")
    assert ran.stdout.splitlines()[0] == "official/requirements.txt:4  >=0.4.1 → >=0.8.0"
    assert models[1].read_text().splitlines()[2] == f"{T}>=0.4.1"


def test_a_dry_run_shows_a_patch_that_applies(run: Bump, models: list[Path]) -> None:
    ran = run("0.8.0", "--no-verify", "--dry-run")
    assert f"would change 2 files: the minimum of {T} is 0.8.0" in ran.stderr
    assert models[0].read_text().endswith(">=0.4.1")
    subprocess.run(["patch", "-p1", "--quiet"], input=ran.stdout, text=True, check=True)
    assert models[0].read_text().endswith(">=0.8.0")


def test_refuses(run: Bump) -> None:
    Path("requirements.txt").write_text(f"six\n{T}==0.4.1\n")
    Path("setup.cfg").write_text(f"[options]\ninstall_requires =\n  {T}\n")
    ran = run("0.8.0", "--no-verify")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"refused[pinned]: ==0.4.1 pins a version below 0.8.0; requirements.txt:2: {T}==0.4.1; "
        "--pins bump moves it to the new minimum\nnothing was changed\n"
    )
    assert Path("setup.cfg").read_text().endswith(f"  {T}\n")


def test_json(run: Bump, models: list[Path]) -> None:
    said = json.loads(run("0.8.0", "--no-verify", "--json", "official/requirements.txt").stdout)
    assert said == {
        "outcome": "changed",
        "package": T,
        "version": "0.8.0",
        "files": ["official/requirements.txt"],
        "raised": [
            {
                "path": "official/requirements.txt",
                "line": 4,
                "requirement": f"{T}>=0.4.1",
                "before": ">=0.4.1",
                "after": ">=0.8.0",
            }
        ],
        "unchanged": [],
        "refusals": [],
    }
    refused = run("0.8.0", "--no-verify", "--json", "official/pip_package")
    assert refused.returncode == 1
    assert [r["code"] for r in json.loads(refused.stdout)["refusals"]] == ["not-declared"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ([], "error[usage]: Missing argument 'VERSION'; --help says more\n"),
        (["x"], "error[bad-version]: 'x' is no version; 0.8.0, for example\n"),
        (["0.8.0", "nowhere"], "error[no-such-path]: there is no such file or folder; nowhere\n"),
        (["0.8.0", "--package", "?"], "error[bad-package]: '?' is no package's name\n"),
    ],
)
def test_bad_input(run: Bump, words: list[str], error: str) -> None:
    ran = run(*words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", error)


def test_a_read_only_file_stops_all(run: Bump, models: list[Path]) -> None:
    models[0].chmod(0o444)
    ran = run("0.8.0", "--no-verify")
    assert (ran.returncode, ran.stderr) == (2, "error[not-writable]: cannot write: it is read-only; "
        f"{models[0].resolve()}\n")  # fmt: skip
    assert models[1].read_text().splitlines()[2] == f"{T}>=0.4.1"


def test_asks_the_index(run: Bump, publish: Callable[..., None], models: list[Path]) -> None:
    publish(T, "0.8.1")
    ran = run("0.8.0")
    assert ran.returncode == 1
    assert ran.stderr.startswith(
        f"refused[no-such-version]: the index has no {T} 0.8.0; the latest are 0.8.1\n"
    )
    assert models[0].read_text().endswith(">=0.4.1")


def test_says_what_the_minimum_really_is(run: Bump, publish: Callable[..., None]) -> None:
    for version, code in {"0.7.2": "", "0.7.3": "new = 1\n"}.items():
        publish(T, version, {"tensorflow_model_optimization/__init__.py": code})
    Path("code.py").write_text("from tensorflow_model_optimization import new\n")
    Path("requirements.txt").write_text(f"{T}>=0.7.0\n")
    line = "declared 0.7.0; the API used needs 0.7.3 (new, code.py:1)\n"
    assert run("--api").stdout == line
    ran = run("--api", "0.7.2")
    assert (ran.returncode, ran.stdout.startswith(line)) == (0, True)
    assert ran.stderr == f"warning: 0.7.2 is below what the code needs: {line}"
