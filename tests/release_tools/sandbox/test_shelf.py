"""A package index to rehearse with: it serves what is uploaded, and goes wrong as it is told to."""

from __future__ import annotations

import hashlib
import io
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from release_tools.sandbox.shelf import Shelf, shelved

WHEEL = "thing-1.0-py3-none-any.whl"
CONTENT = b"PK as of a wheel"
LISTED = "/simple/thing/"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


def upload(shelf: Shelf, name: str = WHEEL, content: bytes = CONTENT) -> TestResponse:
    """As twine does it."""
    sent: dict[str, Any] = {":action": "file_upload", "content": (io.BytesIO(content), name)}
    return Client(shelf).post("/", data=sent)


def test_what_is_uploaded_is_listed_and_served_as_it_is(shelf: Shelf) -> None:
    assert upload(shelf).status_code == 200
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert (shelf.files, shelf.uploads, shelf.sha256) == ([WHEEL], 1, digest)
    assert f'/{WHEEL}#sha256={digest}"' in Client(shelf).get(LISTED).text
    assert Client(shelf).get(f"/packages/{WHEEL}").data == CONTENT


def test_a_file_that_is_there_is_not_replaced(shelf: Shelf) -> None:
    upload(shelf)
    assert upload(shelf, content=b"other").status_code == 409
    assert (shelf.uploads, shelf.sha256) == (1, hashlib.sha256(CONTENT).hexdigest())


def test_there_is_no_one_sha256_of_two_wheels(shelf: Shelf) -> None:
    upload(shelf)
    upload(shelf, WHEEL.replace("1.0", "1.1"))
    with pytest.raises(ValueError, match="too many values"):
        _ = shelf.sha256


def test_what_is_refused_has_not_arrived(shelf: Shelf) -> None:
    shelf.refused = 2
    assert [upload(shelf).status_code for _ in range(3)] == [403, 403, 200]
    assert (shelf.files, shelf.uploads) == ([WHEEL], 1)


def test_an_answer_that_is_lost_loses_no_upload(shelf: Shelf) -> None:
    shelf.lost = 1
    with pytest.raises(ConnectionAbortedError):
        upload(shelf)
    assert (shelf.files, shelf.uploads, shelf.lost) == ([WHEEL], 1, 0)
    assert upload(shelf).status_code == 409


def test_it_may_be_late_with_what_it_has(shelf: Shelf) -> None:
    shelf.late = 2
    assert (Client(shelf).get("/simple/").status_code, shelf.late) == (200, 2)  # it has nothing yet
    upload(shelf)
    assert [Client(shelf).get(LISTED).status_code for _ in range(3)] == [404, 404, 200]


def test_something_else_may_answer_in_its_place(shelf: Shelf) -> None:
    shelf.instead = ("200 OK", "text/html", b"<form>Log in</form>")
    answer = Client(shelf).get(LISTED)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/html", b"<form>Log in</form>")
    assert answer.content_length == len(answer.data)
    assert (upload(shelf).status_code, shelf.files) == (200, [WHEEL])


@pytest.mark.parametrize("fallback", ["http://elsewhere.example/simple", ""])
def test_what_it_does_not_have_another_index_may(tmp_path: Path, fallback: str) -> None:
    shelf = Shelf(tmp_path / "shelf", fallback=fallback)
    answer = Client(shelf).get("/simple/other/")
    if fallback:
        assert (answer.status_code // 100, answer.location) == (3, f"{fallback}/other/")
    else:
        assert (answer.status_code, answer.location) == (404, None)


@pytest.mark.enable_socket
def test_it_is_served_on_loopback_while_it_is_open(tmp_path: Path) -> None:
    with shelved(tmp_path / "shelf") as shelf:
        assert (shelf.url[:17], shelf.simple) == ("http://127.0.0.1:", f"{shelf.url}/simple/")
        upload(shelf)
        with urllib.request.urlopen(f"{shelf.url}{LISTED}") as answer:
            assert WHEEL in answer.read().decode()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{shelf.url}{LISTED}")
