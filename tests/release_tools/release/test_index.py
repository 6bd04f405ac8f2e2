"""A package index is asked, uploaded to and installed from with the real tools, on loopback."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shipyard import Shelf, shelved

from convergence.errors import UserError
from release_tools import wheel
from release_tools.gates import Published
from release_tools.release import index
from release_tools.release.index import Index
from release_tools.wheel import wheelfile
from release_tools.wheel.builder import Builder


@pytest.fixture
def shelf(tmp_path: Path, build_tools: Builder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setenv("TWINE_USERNAME", "mona")
    monkeypatch.setenv("TWINE_PASSWORD", "secret")
    with shelved(tmp_path / "shelf") as made:
        yield made


@pytest.fixture
def where(shelf: Shelf) -> Index:
    return Index(shelf.url, f"{shelf.url}/simple/")


@pytest.fixture
def built(tiny_source: Callable[..., Path], tmp_path: Path, build_tools: Builder) -> Path:
    request = wheel.Request(str(tiny_source()), out=tmp_path / "dist", check_imports=False)
    return wheel.build(request).wheel


def test_what_is_uploaded_is_there_and_can_be_installed(where: Index, shelf: Shelf, built: Path) -> None:
    assert index.published(where, "1.2.3") == Published()
    assert index.upload(where, built) == ""
    sha256, content = hashlib.sha256(built.read_bytes()).hexdigest(), wheelfile.read(built).content_digest
    assert index.published(where, "1.2.3") == Published(frozenset({sha256}), frozenset({content}))
    assert index.published(where, "1.2.4") == Published()
    with index.installed(where, "1.2.3") as found:
        assert found == index.Installed("1.2.3", content, sha256)
    assert index.upload(where, built) != ""
    assert shelf.uploads == 1


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("HTTPError: 400 Bad Request from https://h/ File already exists ('a.whl', with hash …)", True),
        ("HTTPError: 409 Conflict from http://h/ Package 'a.whl' already exists!", True),
        ("HTTPError: 403 Forbidden from https://h/ Invalid or non-existent authentication", False),
        ("", False),
    ],
)
def test_what_an_index_says_of_a_file_that_it_has(said: str, there: bool) -> None:
    assert index.is_there_already(said) is there


def test_an_index_that_does_not_answer_is_not_one_that_has_nothing(where: Index) -> None:
    nowhere = Index("http://127.0.0.1:9", "http://127.0.0.1:9/simple/")
    assert index.published(nowhere, "1.2.3") == Published(None)
    assert "\n" not in index.upload(nowhere, Path(__file__))


HTML, JSON = "text/html", "application/vnd.pypi.simple.v1+json"
OTHER = b'<a href="tensorflow_model_optimization-1.0.0-py3-none-any.whl">tensorflow_model_optimization-1.0.0-py3-none-any.whl</a>'  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("instead", "free"),
    [
        (("404 Not Found", HTML, b"nothing"), True),
        (("200 OK", HTML, b"<!DOCTYPE html><html><body>" + OTHER), True),
        (("200 OK", HTML, b"<html><form>Log in</form></html>"), False),
        (("200 OK", HTML, b""), False),
        (("200 OK", HTML, b"\0\xff<<"), False),
        (("200 OK", "text/plain", OTHER), False),
        (("200 OK", JSON, b'{"files": [], "name": "x"}'), False),
        (("200 OK", JSON, b"garbage"), False),
        (("401 Unauthorized", HTML, b""), False),
        (("403 Forbidden", HTML, OTHER), False),
        (("451 Unavailable", HTML, b"404 Not Found"), False),
        (("500 Oops", HTML, b""), False),
    ],
)
def test_a_page_that_does_not_say_what_there_is_never_says_that_a_version_is_free(
    where: Index, shelf: Shelf, instead: tuple[str, str, bytes], free: bool
) -> None:
    shelf.instead = instead
    assert index.published(where, "1.2.3") == Published(frozenset() if free else None)


def test_only_the_index_that_was_named_is_asked(
    where: Index, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(built.parent))
    assert index.published(where, "1.2.3") == Published()


def test_what_is_damaged_is_not_nothing(where: Index, shelf: Shelf, built: Path) -> None:
    (shelf.folder / built.name).write_bytes(b"no zip")
    assert index.published(where, "1.2.3") == Published(None)


def test_what_is_not_there_cannot_be_installed(where: Index) -> None:
    with pytest.raises(UserError, match=r"error\[install-failed\]"), index.installed(where, "1.2.3"):
        pass


def test_twine_may_be_missing(where: Index, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"error\[no-twine\].*tfmot-release-tools\[release\]"):
        index.upload(where, built)


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (Index("https://u:p@h/legacy/", "https://u:p@h/simple/?t=1"), "https://h/simple/"),
        (Index("testing"), "testing"),
        (Index(), "the index that pip is set to"),
    ],
)
def test_addresses_are_shown_without_credentials(made: Index, shown: str) -> None:
    assert made.shown == shown
