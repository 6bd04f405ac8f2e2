from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.bump import journal
from release_tools.bump.journal import Replacement

NAMES = ("a.txt", "b.txt", "c.txt")
KILLED = """
import os, signal, sys
from pathlib import Path
from release_tools.bump import journal
step, left = sys.argv[2], int(sys.argv[3])
def dies(real):
    def run(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return run
owner, name = {"fsync": (os, "fsync"), "replace": (os, "replace"), "unlink": (Path, "unlink")}[step]
setattr(owner, name, dies(getattr(owner, name)))
files = [Path(sys.argv[1], name) for name in ("a.txt", "b.txt", "c.txt")]
old = {path: path.read_bytes() for path in files}
journal.replace_all([journal.Replacement(path, content, b"new " + content) for path, content in old.items()])
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "project"
    folder.mkdir()
    paths = [folder / name for name in NAMES]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def planned(files: list[Path]) -> list[Replacement]:
    return [Replacement(path, path.read_bytes(), b"new") for path in files]


def contents(files: list[Path]) -> set[bytes]:
    return {path.read_bytes().removesuffix(path.name.encode()) for path in files}


def test_replaces_all(files: list[Path]) -> None:
    journal.replace_all(planned(files))
    assert contents(files) == {b"new"}
    assert sorted(path.name for path in files[0].parent.iterdir()) == list(NAMES)
    assert journal.recover() == ()


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_keeps_the_mode(files: list[Path], mode: int) -> None:
    files[0].chmod(mode)
    journal.replace_all(planned(files))
    assert files[0].stat().st_mode & 0o777 == mode


def test_a_read_only_file_stops_all(files: list[Path]) -> None:
    files[1].chmod(0o444)
    with pytest.raises(UserError, match=r"error\[not-writable\]: cannot write: it is read-only; .*b.txt"):
        journal.replace_all(planned(files))
    assert contents(files) == {b""}
    assert len(list(files[0].parent.iterdir())) == len(NAMES)


def test_what_somebody_else_changed_stops_all(files: list[Path]) -> None:
    plan = planned(files)
    files[2].write_bytes(b"theirs")
    with pytest.raises(UserError, match=r"error\[changed-meanwhile\]"):
        journal.replace_all(plan)
    assert [path.read_bytes() for path in files] == [b"a.txt", b"b.txt", b"theirs"]


def test_a_failure_in_between_puts_back(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.replace, []

    def third_fails(source: Path, target: Path) -> None:
        if Path(target).parent == files[0].parent:
            calls.append(target)
            if len(calls) == 3:
                raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", third_fails)
    with pytest.raises(UserError, match=r"error\[not-writable\]: cannot write: No space left"):
        journal.replace_all(planned(files))
    assert contents(files) == {b""}
    assert len(list(files[0].parent.iterdir())) == len(NAMES)


def test_a_disk_that_fills_up_late_stops_all(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fails(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().name.startswith(".b.txt."):
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(UserError, match=r"error\[not-writable\]: cannot write: No space left"):
        journal.replace_all(planned(files))
    assert contents(files) == {b""}
    assert len(list(files[0].parent.iterdir())) == len(NAMES)


def test_many_files_are_on_the_disk_before_any_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real, replace = os.fsync, os.replace

    def sync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    def take(source: Path, target: Path) -> None:
        if Path(target).suffix == ".txt":
            assert len({name for name in synced if ".txt." in name}) == 40
        replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", take)
    paths = [tmp_path / f"{index}.txt" for index in range(40)]
    for path in paths:
        path.write_bytes(b"old")
    journal.replace_all([Replacement(path, b"old", b"new") for path in paths])
    assert {path.read_bytes() for path in paths} == {b"new"}
    assert synced[-1] == tmp_path.name


@pytest.mark.parametrize(
    ("step", "count"),
    [
        *(("fsync", n) for n in range(7)),
        *(("replace", n) for n in range(4)),
        *(("unlink", n) for n in range(4)),
    ],
)
def test_a_kill_leaves_none_or_all(files: list[Path], step: str, count: int) -> None:
    words = [sys.executable, "-c", KILLED, str(files[0].parent), step, str(count)]
    status = subprocess.run(words, check=False).returncode
    assert status in {-signal.SIGKILL, 0}
    left = contents(files)
    put_back = journal.recover()
    assert bool(put_back) == (len(left) == 2)
    assert contents(files) in ({b""}, {b"new "})
    assert sorted(path.name for path in files[0].parent.iterdir()) == list(NAMES)
    assert journal.recover() == ()


def test_a_kill_in_between_is_seen(files: list[Path]) -> None:
    """The test above would prove nothing if no kill came between two files."""
    subprocess.run([sys.executable, "-c", KILLED, str(files[0].parent), "replace", "2"], check=False)
    assert contents(files) == {b"", b"new "}


def test_what_was_edited_after_a_kill_stays(files: list[Path]) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(files[0].parent), "replace", "3"], check=False)
    assert [path.read_bytes() for path in files] == [b"new a.txt", b"new b.txt", b"c.txt"]
    files[0].write_bytes(b"edited")
    assert journal.recover() == (files[1],)
    assert [path.read_bytes() for path in files] == [b"edited", b"b.txt", b"c.txt"]


@pytest.mark.parametrize("rubbish", [b"", b"[", b"{}", b"\xff", b"[1]", b'[{"path": 3}]'])
def test_an_unreadable_note_is_forgotten(cache_folder: Path, rubbish: bytes) -> None:
    (cache_folder / "bump").mkdir()
    (cache_folder / "bump" / journal.UNDO).write_bytes(rubbish)
    assert journal.recover() == ()
