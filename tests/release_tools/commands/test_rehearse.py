"""`release-tools rehearse` as a user runs it: whole plays, and that nothing is left of them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

from release_tools import cache
from release_tools.commands import rehearse
from release_tools.rehearsal import recorded, script, stage, summarize
from release_tools.rehearsal.page import document
from release_tools.rehearsal.process import Ran
from release_tools.rehearsal.summary import Summary

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
    told = json.loads(ran.stdout)
    assert (told["schema_version"], told["passed"]) == (1, True)
    assert [line["follows"] for act in told["acts"] for line in act["lines"]]
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
        (["--out", "/dev/null/x"], "not-writable"),
        (["--out", "{folder}/file/x"], "not-writable"),
        (["--out", "{folder}/page"], "not-writable"),
    ],
)
def test_bad_input_is_one_line_before_anything_begins(tmp_path: Path, words: list[str], says: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "page" / document.NAME).mkdir(parents=True)
    given = [word.format(folder=tmp_path) for word in words]
    ran = CliRunner().invoke(rehearse.command, ["--out", str(tmp_path / "out"), *given])
    assert says in str(ran.exception)
    assert not (tmp_path / "out").exists()


PLAY = """
title = "A play"
ending = "Built and said"
[[acts]]
title = "First"
[[acts.lines]]
who = "mona"
tells = "builds"
run = "build it"
then = { status = 0 }
[[acts.lines]]
who = "carl"
tells = "says so"
run = "say it"
then = { status = 0, prints = ["said"] }
"""


class Small:
    """A play of two lines, on a stage where nothing is built and nothing is served."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.says = "said"
        self.opened = False
        self.kept: list[Any] = []
        self.stage: Any = SimpleNamespace(
            facts={}, ran=[], pending=[], pull=None, consents=False, run=self.run, judged=["what was judged"],
            world=SimpleNamespace(events=SimpleNamespace(deliver=lambda: None)),
            url="http://github.here", index=SimpleNamespace(simple="http://index.here/simple/"),
            folder="/there",
        )  # fmt: skip

    def run(self, who: str, *words: str, **_: Any) -> Ran:
        self.stage.ran.append(Ran(who, words, 0, self.says, "", 0.1))
        made: Ran = self.stage.ran[-1]
        return made

    @contextlib.contextmanager
    def open(self, *_: Any, **__: Any) -> Iterator[Any]:
        self.opened = True
        yield self.stage
        self.opened = False

    def rehearse(self, *words: str, pressed: str = "") -> Result:
        return CliRunner().invoke(rehearse.command, [*words, "--out", str(self.out)], input=pressed)

    @property
    def played(self) -> list[str]:
        return [ran.line for ran in self.stage.ran]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Small:
    made = Small(tmp_path)
    monkeypatch.setattr(script, "load", lambda name: script.parse(name, PLAY))
    monkeypatch.setattr(stage, "opened", made.open)
    monkeypatch.setattr(summarize, "summarize", lambda _: Summary("A play", "Ended", ""))
    monkeypatch.setattr(recorded, "keep", made.kept.append)
    return made


def test_a_play_ends_with_how_it_ended_and_where_its_page_is(small: Small) -> None:
    ran = small.rehearse()
    ending, page = ran.stdout.splitlines()[-2:]
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ending == "Built and said (0 s). In this rehearsal the smoke tier stands for the full one."
    assert page == f"Page: {small.out / document.NAME}"
    assert "<title>A play" in (small.out / document.NAME).read_text(encoding="utf-8")


@pytest.mark.parametrize("says", ["said", "nothing"])
def test_as_json_it_is_told_whole(small: Small, says: str) -> None:
    small.says = says
    ran = small.rehearse("--json")
    told = json.loads(ran.stdout)
    passed = says == "said"
    assert list(told) == ["schema_version", "passed", "ending", "page", "acts"]
    assert (ran.exit_code, told["schema_version"], told["passed"]) == (0 if passed else 1, 1, passed)
    assert (told["ending"] == "Built and said") is passed
    assert told["page"] == str(small.out / document.NAME)
    assert [line["tells"] for act in told["acts"] for line in act["lines"]] == ["builds", "says so"]


@pytest.mark.parametrize("pressed", [0, 1, 2])
def test_step_waits_for_enter_before_each_line(small: Small, pressed: int) -> None:
    ran = small.rehearse("--step", pressed="\n" * pressed)
    assert small.played == ["release-tools build it", "release-tools say it"][:pressed]
    assert ran.exit_code == (0 if pressed == 2 else 1)
    assert (small.out / document.NAME).exists() is (pressed == 2)


def test_without_step_nothing_waits(small: Small) -> None:
    assert small.rehearse().exit_code == 0
    assert len(small.played) == 2


@pytest.mark.parametrize("as_json", [False, True])
def test_keep_leaves_it_up_until_ctrl_c(
    small: Small, monkeypatch: pytest.MonkeyPatch, *, as_json: bool
) -> None:
    was_up = []

    class CtrlC(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            was_up.append(small.opened)
            raise KeyboardInterrupt

    monkeypatch.setattr(threading, "Event", CtrlC)
    ran = small.rehearse("--keep", *(["--json"] if as_json else []))
    assert (was_up, small.opened, ran.exit_code) == ([True], False, 0)
    prose = ran.stderr if as_json else ran.stdout
    for said in ("http://github.here", "http://index.here/simple/", "/there", "Ctrl-C ends it."):
        assert said in prose
    if as_json:
        assert json.loads(ran.stdout)["passed"] is True


@pytest.mark.parametrize(
    ("words", "kept"),
    [([], []), (["--record"], [["what was judged"]]), (["--record", "--without-training"], [])],
)
def test_record_keeps_only_what_was_trained(small: Small, words: list[str], kept: list[Any]) -> None:
    assert small.rehearse(*words).exit_code == 0
    assert small.kept == kept
