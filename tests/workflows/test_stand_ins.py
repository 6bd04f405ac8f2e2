"""The stand-ins for GitHub's actions do what those do; and what jobs install is what is locked."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from stage import ROOT, STAND_INS, harness, uses

from release_tools import shell

PIN = re.compile(r"^([\w.-]+==[^\s;]+)", re.MULTILINE)


def upload(store: Path, name: str, source: Path, missing: str = "error") -> shell.Finished:
    script = STAND_INS / "upload-artifact" / "upload.py"
    environment = dict(os.environ) | {"GITHUB_OUTPUT": str(store.with_name("output"))}
    words = [sys.executable, script, store, name, source, missing]
    return shell.run(words, env=environment, check=False)


def download(store: Path, target: Path, ids: str = "", pattern: str = "", merge: str = "false") -> int:
    script = STAND_INS / "download-artifact" / "download.py"
    return shell.run([sys.executable, script, store, ids, pattern, target, merge], check=False).status


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two artifacts, `a-1` and `a-2`, of a folder with a hidden file."""
    for name in ("a-1", "a-2"):
        (tmp_path / name / "in").mkdir(parents=True)
        (tmp_path / name / "in" / name).touch()
        (tmp_path / name / ".hidden").touch()
        assert upload(tmp_path / "store", name, tmp_path / name).status == 0
    return tmp_path / "store"


def test_a_name_is_given_once(store: Path, tmp_path: Path) -> None:
    assert (tmp_path / "output").read_text() == "artifact-id=1\nartifact-id=2\n"
    again = upload(store, "a-1", tmp_path / "a-2")
    assert (again.status, "already exists" in again.err) == (1, True)


def test_a_pattern_chooses_files(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in ("a.whl", "b.json"):
        (folder / name).touch()
    assert upload(tmp_path / "other", "dist", folder / "*.whl").status == 0
    assert tree(tmp_path / "other" / "1" / "files") == ["a.whl"]


@pytest.mark.parametrize("name", ["a/b", "", "a\nb", "a*"])
def test_names_have_a_shape(store: Path, tmp_path: Path, name: str) -> None:
    assert upload(store, name, tmp_path / "a-1").status == 1


@pytest.mark.parametrize(("missing", "status"), [("error", 1), ("ignore", 0)])
def test_nothing_is_no_artifact(store: Path, tmp_path: Path, missing: str, status: int) -> None:
    assert upload(store, "b", tmp_path / "nowhere", missing).status == status


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"ids": "1"}, ["in/a-1"]),
        ({"ids": "1,2"}, ["a-1/in/a-1", "a-2/in/a-2"]),
        ({"ids": "1,2", "merge": "true"}, ["in/a-1", "in/a-2"]),
        ({"pattern": "a-*"}, ["a-1/in/a-1", "a-2/in/a-2"]),
        ({"pattern": "a-1"}, ["in/a-1"]),
        ({"pattern": "b-*"}, []),
        ({}, ["a-1/in/a-1", "a-2/in/a-2"]),
    ],
)
def test_what_is_downloaded(store: Path, tmp_path: Path, words: dict[str, str], found: list[str]) -> None:
    assert download(store, tmp_path / "there", **words) == 0
    assert tree(tmp_path / "there") == found


def test_an_id_that_is_not_there(store: Path, tmp_path: Path) -> None:
    assert download(store, tmp_path / "there", ids="7") == 1


def test_every_action_has_a_stand_in() -> None:
    names = {used.partition("@")[0].removeprefix("actions/") for used in uses()}
    assert names == {file.parent.relative_to(STAND_INS).as_posix() for file in STAND_INS.rglob("action.yml")}


@pytest.mark.parametrize("kind", ["light", "training"])
def test_jobs_install_what_is_locked(kind: str) -> None:
    locked = set(PIN.findall((ROOT / "constraints.txt").read_text()))
    installed = (ROOT / f".github/requirements/{kind}.txt").read_text()
    pins = PIN.findall(installed)
    assert pins
    assert {pin for pin in pins if pin not in locked} == set()
    assert installed.count("--hash=sha256:") >= len(pins)
    assert not re.search(r"^-|://", installed, re.MULTILINE)


def test_the_stage_leaves_nothing_out() -> None:
    files = harness()
    assert {"pyproject.toml", ".github/install", "convergence/claims/pruning.toml"} <= set(files)
    assert not [name for name in files if name.startswith("tests/")]
