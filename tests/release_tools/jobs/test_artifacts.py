"""Folders and zips that anybody may have filled: what is not exactly as expected is refused."""

from __future__ import annotations

import os
import re
import socket
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.jobs import artifacts
from release_tools.jobs.artifacts import Delivery

NAME = "a.json"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def expected(name: str) -> bool:
    return name in {NAME, "b.json"}


def read(folder: Path) -> list[Delivery]:
    return artifacts.deliveries(folder, expected)


def refused(folder: Path) -> str:
    with pytest.raises(UserError) as refusal:
        read(folder)
    assert refusal.value.code == "bad-artifact"
    return str(refusal.value)


def test_nothing_is_no_delivery(place: Path) -> None:
    assert read(place / "absent") == []
    assert read(place) == []


def test_files_of_one_job(place: Path) -> None:
    (place / "a.json").write_bytes(b"1")
    (place / "b.json").write_bytes(b"2")
    assert read(place) == [Delivery(place.name, {"a.json": b"1", "b.json": b"2"})]


def test_a_folder_or_zip_for_each_job(place: Path) -> None:
    (place / "job-2").mkdir()
    (place / "job-2" / NAME).write_bytes(b"2")
    with zipfile.ZipFile(place / "job-1.zip", "w") as archive:
        archive.writestr(NAME, "1")
    assert read(place) == [Delivery("job-1.zip", {NAME: b"1"}), Delivery("job-2", {NAME: b"2"})]


def outside(path: Path) -> Path:
    made = path.parents[2] / "outside"
    made.write_text("secret")
    return made


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(artifacts.KINDS[".json"] + 1)


def unix_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    ("plant", "what"),
    [
        (lambda path: path.with_name("c.json").touch(), "'c.json' is not expected here"),
        (lambda path: path.with_name("A.JSON").touch(), "'A.JSON' is not expected here"),
        (lambda path: path.with_name(".a.json").touch(), "'.a.json' is not expected here"),
        (lambda path: path.with_name("page.html").touch(), "'page.html' is not expected here"),
        (
            lambda path: path.symlink_to(outside(path)),
            "is no regular file: Too many levels of symbolic links",
        ),
        (lambda path: path.hardlink_to(outside(path)), "is no regular file of its own"),
        (sparse, "has 4194305 bytes; at most 4194304 are read"),
        (os.mkfifo, "is no regular file of its own"),
        (unix_socket, "is no regular file"),
        (lambda path: path.mkdir(), "'a.json' is no name of a job|no regular file"),
    ],
    ids=["extra", "renamed", "hidden", "page", "symlink", "hard-link", "large", "fifo", "socket", "folder"],
)
def test_what_must_not_be_there(place: Path, plant: Callable[[Path], object], what: str) -> None:
    folder = place / "f" / "job"
    folder.mkdir(parents=True)
    (folder / "b.json").touch()
    plant(folder / NAME)
    assert re.search(what, refused(folder.parent))


def test_a_folder_that_is_a_link(place: Path) -> None:
    (place / "real").mkdir()
    (place / "jobs").mkdir()
    (place / "jobs" / "job").symlink_to(place / "real")
    assert "'job' is not expected here" in refused(place / "jobs")


def test_a_folder_beside_files(place: Path) -> None:
    (place / NAME).touch()
    (place / "job").mkdir()
    assert "lies beside files" in refused(place)


def zipped(path: Path, name: str, content: bytes = b"1", mode: int = 0) -> Path:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(path / "job.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize("name", ["../a.json", "/a.json", "x/a.json", "a.json/", "..", "a.json\n"])
def test_a_zip_with_another_name(place: Path, name: str) -> None:
    assert "is not expected here" in refused(zipped(place, name))


def test_a_zip_with_a_link(place: Path) -> None:
    assert "is no regular file" in refused(zipped(place, NAME, b"/etc/passwd", 0o120777))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_a_file_twice(place: Path) -> None:
    zipped(place, NAME)
    assert "is there twice" in refused(zipped(place, NAME, b"2"))


def test_a_bomb_that_says_so(place: Path) -> None:
    zipped(place, NAME, bytes(artifacts.KINDS[".json"] + 1))
    assert (place / "job.zip").stat().st_size < 10_000
    assert "unpacks to 4194305 bytes" in refused(place)


def test_a_bomb_that_lies_of_its_size(place: Path) -> None:
    zipped(place, NAME, bytes(artifacts.KINDS[".json"] + 1))
    path = place / "job.zip"
    content = path.read_bytes().replace(struct.pack("<I", artifacts.KINDS[".json"] + 1), struct.pack("<I", 9))
    path.write_bytes(content)
    assert "is no sound zip" in refused(place) or "is more than" in refused(place)


def test_no_zip_at_all(place: Path) -> None:
    (place / "job.zip").write_bytes(b"PK\x03\x04nonsense")
    assert "is no sound zip" in refused(place)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_whose_compressed_bytes_are_broken(place: Path, method: int) -> None:
    path = place / "job.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(NAME, bytes(range(256)) * 8)
    content = bytearray(path.read_bytes())
    begins = 30 + len(NAME)  # behind the local header
    content[begins + 4 : begins + 40] = b"\xff" * 36
    path.write_bytes(bytes(content))
    assert "is no sound zip" in refused(place)


def test_a_zip_that_is_a_link(place: Path) -> None:
    zipped(place, NAME)
    (place / "job.zip").rename(place / "real")
    (place / "jobs").mkdir()
    (place / "jobs" / "job.zip").symlink_to(place / "real")
    assert "no regular file" in refused(place / "jobs")


def test_all_of_a_delivery_has_a_size(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "MOST_BYTES", 10)
    (place / "a.json").write_bytes(bytes(8))
    (place / "b.json").write_bytes(bytes(8))
    assert "has 8 bytes; at most 2 are read" in refused(place)


def test_so_many_files_are_not_read(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "MOST_FILES", 1)
    (place / "a.json").touch()
    (place / "b.json").touch()
    assert "one of 2 files" in refused(place)
