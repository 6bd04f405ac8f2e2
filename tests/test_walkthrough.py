"""What CONTRIBUTING writes, put into a copy of the project: found, planned, trained, and no list edited."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = "block_pruning"
WRITTEN = dict(FILE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
ADDED = "from convergence import claims, techniques; print(techniques.names(), sorted(claims.load()))"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project, with nothing but the three files added."""
    without = shutil.ignore_patterns("__pycache__", "golden")
    for part in ("convergence", "release_tools", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=without)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path, text in WRITTEN.items():
        assert not (tmp_path / path).exists()
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def python(project: Path, *words: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(project), "CUDA_VISIBLE_DEVICES": ""}
    ran = subprocess.run(
        [sys.executable, *words], cwd=project, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout


def test_it_is_a_file_a_claim_file_and_a_test() -> None:
    assert sorted(WRITTEN) == [
        f"convergence/claims/{NAME}.toml",
        f"convergence/techniques/{NAME}.py",
        f"tests/convergence/techniques/test_{NAME}.py",
    ]


def test_it_is_found(project: Path) -> None:
    said = python(project, "-c", ADDED)
    assert f"'{NAME}'" in said
    assert f"'{NAME}/mobilenetv2-digits-blocks'" in said


def test_its_claim_is_listed_and_its_campaign_planned(project: Path) -> None:
    tool = ("-c", "from release_tools import cli; cli.main()")
    listed = json.loads(python(project, *tool, "claims", "list", NAME, "--json"))
    assert [one["claim"]["name"] for one in listed] == ["zero-blocks"]
    planned = python(project, *tool, "converge", NAME, "--dry-run")
    assert re.findall(r"^(\w+/[\w-]+)", planned, re.MULTILINE) == [
        "uncompressed/mobilenetv2-digits",
        f"{NAME}/mobilenetv2-digits-blocks",
    ]


def test_it_is_written_as_the_rest(project: Path) -> None:
    paths = [path for path in WRITTEN if path.endswith(".py")]
    python(project, "-m", "ruff", "check", "--no-cache", *paths)
    python(project, "-m", "ruff", "format", "--no-cache", "--check", *paths)


@pytest.mark.long
@pytest.mark.training
def test_its_own_test_passes(project: Path) -> None:
    pytest.importorskip("official")
    said = python(project, "-m", "pytest", "-q", "-n", "0", f"tests/convergence/techniques/test_{NAME}.py")
    assert "1 passed" in said


@pytest.mark.long
@pytest.mark.training
def test_masks_that_are_not_applied_make_its_test_red(project: Path) -> None:
    pytest.importorskip("official")
    path = project / f"convergence/techniques/{NAME}.py"
    broken = path.read_text().replace("return [actions.PruningAction(folder, model, optimizer)]", "return ()")
    assert broken != path.read_text()
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(AssertionError, match="1 failed"):
        python(project, "-m", "pytest", "-q", "-n", "0", f"tests/convergence/techniques/test_{NAME}.py")
