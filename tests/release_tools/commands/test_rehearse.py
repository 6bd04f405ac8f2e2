"""`release-tools rehearse` as a user runs it: whole plays, and that nothing is left of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from release_tools import cache
from release_tools.commands import rehearse
from release_tools.rehearsal.page import document

HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # ignored in the background
PROGRAM = [sys.executable, "-P", "-c", f"{HEARS}; from release_tools.cli import main; main()", "rehearse"]
LONG = pytest.mark.long


def environment(folder: Path) -> dict[str, str]:
    """A user's own, whose folders for temporary files are empty."""
    (folder / "tmp").mkdir(exist_ok=True)
    return os.environ | {"TMPDIR": str(folder / "tmp"), "HOME": os.environ["HOME"]}


def kept() -> set[str]:
    """What lies in the user's cache."""
    return {path.name for path in cache.root().glob("*")}


def rehearsed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        [*PROGRAM, *words, "--out", str(folder / "out")],
        cwd=folder, env=environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not list((folder / "tmp").iterdir())
    assert "Traceback" not in ran.stdout + ran.stderr
    return ran


@LONG
@pytest.mark.network
def test_a_whole_play_without_training(tmp_path: Path) -> None:
    before = kept() | {"bases", "builders"}
    ran = rehearsed(tmp_path, "--without-training", "--json")
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    acts = json.loads(ran.stdout)
    assert all(one["held"] for act in acts for line in act["lines"] for one in line["follows"])
    page = (tmp_path / "out" / document.NAME).read_text(encoding="utf-8")
    assert "the smoke tier stands for the full one" in page
    assert "Nothing was trained" in page
    assert kept() <= before
    assert [path.name for path in tmp_path.iterdir() if path.name != "tmp"] == ["out"]


@LONG
@pytest.mark.network
@pytest.mark.parametrize("seed", range(50))
def test_github_fails_at_random(tmp_path: Path, seed: int) -> None:
    """Nothing is lost and nothing is done twice: the play itself looks at what there is."""
    ran = rehearsed(tmp_path, "--without-training", "--faults", str(seed))
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    page = (tmp_path / "out" / document.NAME).read_text(encoding="utf-8")
    assert "GitHub was made to fail" in page, "no fault was met: this proves nothing"


@LONG
@pytest.mark.network
@pytest.mark.training
def test_a_whole_play(tmp_path: Path) -> None:
    ran = rehearsed(tmp_path)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert "✗" not in ran.stdout


@pytest.mark.network
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_on_the_way_nothing_is_left(tmp_path: Path, number: signal.Signals) -> None:
    words = [*PROGRAM, "--without-training", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        words,
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as playing:
        assert playing.stdout
        assert any("builds TFMOT" in line for line in playing.stdout)
        children = psutil.Process(playing.pid).children(recursive=True)
        playing.send_signal(number)
        playing.stdout.read()
    assert playing.returncode == (130 if number is signal.SIGINT else 143)
    psutil.wait_procs(children, timeout=10)
    assert [one for one in children if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
    assert not list((tmp_path / "tmp").iterdir())
    assert not (tmp_path / "out").exists()


def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearse, "NEEDED", ("click", "not_there", "nor_this"))
    ran = CliRunner().invoke(rehearse.command, ["--out", str(tmp_path / "out")])
    assert str(ran.exception).startswith("error[missing-extra]: not_there, nor_this not installed")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nothing"], "unknown-play"),
        (["--tfmot", "{folder}"], "not-a-checkout"),
        (["--models", "{folder}"], "not-a-checkout"),
    ],
)
def test_bad_input_is_one_line_before_anything_begins(tmp_path: Path, words: list[str], says: str) -> None:
    given = [word.format(folder=tmp_path) for word in words]
    ran = CliRunner().invoke(rehearse.command, [*given, "--out", str(tmp_path / "out")])
    assert says in str(ran.exception)
    assert not (tmp_path / "out").exists()
