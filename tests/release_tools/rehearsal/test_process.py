"""Processes of a rehearsal: what they see, what is told of them, and that they end when we do."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from release_tools import network
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


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "PIP_PROXY"])
def test_a_command_reaches_the_index_through_the_users_proxy_and_the_sandbox_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    for other in (*network.PROXIES, "PIP_PROXY"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "http://proxy.example:3128")
    asked = "import os, requests; from requests.utils import get_environ_proxies as by"
    told = "by('http://127.0.0.1:1/'), by('http://pip.example/')['http'], 'PIP_PROXY' in os.environ"
    ran = desk(monkeypatch, f"{asked}; print({told})").run("mona", [], tmp_path)
    assert (ran.out, ran.status) == ("{} http://proxy.example:3128 False\n", 0)


def test_a_command_is_killed_when_it_is_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = desk(
        monkeypatch, "import pathlib, threading; pathlib.Path('on').touch(); threading.Event().wait()"
    )
    ran = made.run("mona", [], tmp_path, until=(tmp_path / "on").exists)
    assert ran.status == -9


@pytest.mark.parametrize(
    ("status", "says", "runs"),
    [
        (0, "", 1),
        (3, "", 1),
        (4, "error[github]: no answer", 3),
        (4, "Traceback (most recent call last):\n  File x\nKeyError: 1", 1),
    ],
)
def test_only_what_may_pass_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: int, says: str, runs: int
) -> None:
    """A fault of ours ends with 4 too: tried again it would be lost."""
    program = "import sys; print('ran', file=open('times', 'a')); print(sys.argv[1], file=sys.stderr)"
    made = desk(monkeypatch, f"{program}; sys.exit(int(sys.argv[2]))")
    made.tries = 3
    ran = made.run("mona", [says, str(status)], tmp_path)
    assert (tmp_path / "times").read_text().count("ran") == runs
    assert (ran.status, ran.crashed) == (status, "Traceback" in says)


def test_what_goes_well_at_last_went_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = "import pathlib, sys; seen = pathlib.Path('seen'); known = seen.exists(); seen.touch()"
    made = desk(monkeypatch, f"{program}; sys.exit(0 if known else 4)")
    made.tries = 3
    assert made.run("mona", [], tmp_path).status == 0


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


def test_told_again_to_end_it_waits_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else the folder would be removed while what was told to end still writes there."""
    tidy = "[None for _ in iter(pathlib.Path('go').exists, True)], pathlib.Path('tidied').touch(), exit()"
    heard = f"signal.signal(signal.SIGTERM, lambda *_: ({tidy}))"
    program = f"import pathlib, signal; {heard}; pathlib.Path('on').touch(); signal.pause()"
    made = desk(monkeypatch, program)
    told: list[int] = []

    def shutdown(pool: ThreadPoolExecutor, wait: bool = True, **_: object) -> None:
        if not told:
            told.append(1)
            os.kill(os.getpid(), signal.SIGINT)
            (tmp_path / "one" / "go").touch()
        real(pool, wait)

    def interrupted() -> None:
        with made.together() as pool:
            pool.submit(made.run, "job", [], tmp_path / "one")
            while not (tmp_path / "one" / "on").exists():
                pass
            raise KeyboardInterrupt

    real = ThreadPoolExecutor.shutdown
    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", shutdown)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (tmp_path / "one" / "tidied").exists()
