from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import cache


def test_fill_makes_a_folder_once(tmp_path: Path) -> None:
    calls = []

    def make(folder: Path) -> None:
        calls.append(folder)
        folder.mkdir()

    assert cache.fill(tmp_path / "a", make) == cache.fill(tmp_path / "a", make) == tmp_path / "a"
    assert calls == [tmp_path / "a"]


def test_fill_begins_anew_after_an_interruption(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> None:
        folder.mkdir()
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.fill(tmp_path / "a", interrupted)
    made = cache.fill(tmp_path / "a", lambda folder: folder.mkdir())
    assert [path.name for path in made.iterdir()] == [cache.READY]


def test_two_processes_fill_once(tmp_path: Path, at_once: Callable[[str], list[str]]) -> None:
    folder = tmp_path / "a"
    at_once(
        "import time; from pathlib import Path; from release_tools import cache\n"
        "def make(folder):\n"
        "    folder.mkdir(); time.sleep(0.3); (folder / f'{time.time_ns()}').touch()\n"
        f"cache.fill(Path({str(folder)!r}), make)"
    )
    assert len([path for path in folder.iterdir() if path.name != cache.READY]) == 1


def test_write_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    old_mask = os.umask(0o077)
    try:
        cache.write(tmp_path / "new" / "file", b"one")
        cache.write(tmp_path / "new" / "file", b"two")
    finally:
        os.umask(old_mask)
    written = list((tmp_path / "new").iterdir())
    assert [(path.name, path.read_bytes(), path.stat().st_mode & 0o777) for path in written] == [
        ("file", b"two", 0o644)
    ]


@pytest.mark.parametrize("do", [cache.make_folder, lambda path: cache.write(path / "file", b"")])
def test_a_file_in_the_way_is_a_user_error(tmp_path: Path, do: object) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"error\[not-writable\]: cannot write: .*file") as caught:
        do(tmp_path / "file" / "folder")  # type: ignore[operator]
    assert caught.value.code == "not-writable"


def test_root_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELEASE_TOOLS_CACHE", "here")
    assert cache.root() == tmp_path / "here"


def test_a_folder_in_place_of_the_lock_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "a.lock").mkdir()
    with pytest.raises(UserError, match=r"error\[not-writable\]: .*a\.lock"), cache.locked(tmp_path / "a"):
        pass


def test_fill_makes_anew_what_is_not_sound(tmp_path: Path) -> None:
    cache.fill(tmp_path / "a", lambda folder: folder.mkdir())
    (tmp_path / "a" / "damaged").touch()
    made = cache.fill(tmp_path / "a", lambda folder: folder.mkdir(), lambda _: False)
    assert [path.name for path in made.iterdir()] == [cache.READY]


def test_a_file_in_place_of_a_folder_is_removed(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert cache.fill(tmp_path / "a", lambda folder: folder.mkdir()).is_dir()


def test_nothing_is_in_place_before_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ = os.fdopen
    calls: list[object] = []

    def full(*words: object) -> object:
        calls.append(words)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return open_(*words)  # type: ignore[call-overload]

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(UserError, match=r"No space left on device; .*two"):
        cache.write_all({tmp_path / "out" / "one": b"1", tmp_path / "out" / "two": b"2"})
    assert list((tmp_path / "out").iterdir()) == []
