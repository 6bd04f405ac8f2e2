"""Processes of a rehearsal: what they see, what is told of them, and that they end when we do."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from release_tools.rehearsal import process
from release_tools.rehearsal.process import Desk


def desk(monkeypatch: pytest.MonkeyPatch, program: str) -> Desk:
    monkeypatch.setattr(process, "MAIN", ("-c", program))
    return Desk(sys.executable, {"ONE": "1"})


def test_a_command_has_its_own_folder_words_and_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "the user's own")
    told = "import os, sys; names = ('ONE', 'TWO', 'GITHUB_TOKEN')"
    told += "; print(os.getcwd(), sys.argv[1:], *(os.environ.get(name) for name in names))"
    made = desk(monkeypatch, f"{told}; print('no', file=sys.stderr); sys.exit(3)")
    ran = made.run("mona", ["build", Path("x")], tmp_path / "desk", {"TWO": "2"})
    assert (ran.by, ran.line, ran.status) == ("mona", "release-tools build x", 3)
    assert (ran.out, ran.err) == (f"{tmp_path}/desk ['build', 'x'] 1 2 None\n", "no\n")
    assert ran.said == f"{ran.out.strip()}\nno"


def test_a_command_is_killed_when_it_is_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = desk(
        monkeypatch, "import pathlib, threading; pathlib.Path('on').touch(); threading.Event().wait()"
    )
    ran = made.run("mona", [], tmp_path, until=(tmp_path / "on").exists)
    assert ran.status == -9


def test_told_to_end_nothing_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = desk(
        monkeypatch, "import pathlib, threading; pathlib.Path('on').touch(); threading.Event().wait()"
    )
    begun = threading.Event()

    def run(name: str) -> int:
        begun.set()
        return made.run("job", [], tmp_path / name).status

    running: list[Future[int]] = []

    def interrupted() -> None:
        with made.together() as pool:
            running.extend(pool.submit(run, name) for name in ("one", "two"))
            assert begun.wait(30)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [type(one.exception(0)) for one in running] == [SystemExit, SystemExit]
