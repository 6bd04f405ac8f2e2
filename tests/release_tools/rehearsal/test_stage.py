"""The folder of a rehearsal is gone when it has ended, however impatient people are."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from pathlib import Path

import pytest

from release_tools import shell
from release_tools.rehearsal import stage


def ended_by(error: BaseException, seen: list[Path]) -> None:
    with stage._folder() as folder:
        seen.append(folder)
        (folder / "a" / "b").mkdir(parents=True)
        raise error


def test_the_folder_is_gone_afterwards_with_all_that_is_in_it() -> None:
    seen: list[Path] = []
    with pytest.raises(SystemExit):
        ended_by(SystemExit(1), seen)
    assert not seen[0].exists()


@pytest.mark.parametrize("one", shell.ENDINGS)
def test_who_ends_it_again_while_it_tidies_ends_it_no_sooner(
    monkeypatch: pytest.MonkeyPatch, one: signal.Signals
) -> None:
    real, calls = shutil.rmtree, []

    def impatient(name: str, *, ignore_errors: bool) -> None:
        os.kill(os.getpid(), one)
        calls.append(name)
        real(name, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", impatient)
    before = signal.getsignal(one)
    seen: list[Path] = []
    with pytest.raises(KeyboardInterrupt):
        ended_by(KeyboardInterrupt(), seen)
    assert not seen[0].exists()
    assert calls
    assert signal.getsignal(one) is before


def test_what_is_still_written_while_it_is_removed_is_removed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.rmtree

    def slow(name: str, *, ignore_errors: bool) -> None:
        real(name, ignore_errors=ignore_errors)
        monkeypatch.setattr(shutil, "rmtree", real)
        Path(name).mkdir()

    monkeypatch.setattr(shutil, "rmtree", slow)
    with stage._folder() as folder:
        pass
    assert not folder.exists()


def test_another_thread_tidies_as_well() -> None:
    seen = []

    def tidy() -> None:
        with stage._folder() as folder:
            seen.append(folder)

    thread = threading.Thread(target=tidy)
    thread.start()
    thread.join()
    assert not seen[0].exists()
