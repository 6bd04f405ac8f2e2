"""The event file: what is taken of it, and what is refused."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from heard import PAYLOAD

from convergence.errors import UserError
from release_tools import event
from release_tools.event import Event
from release_tools.model import IssueComment, Person

HEARD = Event(
    "tensorflow/models",
    "master",
    7,
    IssueComment(
        1, Person("mona", 2), "/converge", datetime(2026, 1, 1, tzinfo=UTC), "https://example.invalid/1"
    ),
    created=True,
    on_pull_request=True,
)


def read(folder: Path, payload: object, **environment: str) -> Event:
    path = folder / "event.json"
    path.write_text(json.dumps(payload))
    return event.read(path, environment)


def changed(**comment: Any) -> dict[str, Any]:
    return PAYLOAD | {"comment": PAYLOAD["comment"] | comment}


def test_a_comment_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, PAYLOAD) == HEARD


@pytest.mark.parametrize(
    ("payload", "name", "value"),
    [
        (PAYLOAD | {"action": "edited"}, "created", False),
        (PAYLOAD | {"issue": {"number": 7}}, "on_pull_request", False),
    ],
)
def test_what_it_is_not(tmp_path: Path, payload: object, name: str, value: object) -> None:
    assert getattr(read(tmp_path, payload), name) == value


@pytest.mark.parametrize(
    ("comment", "name", "value"),
    [
        ({"updated_at": "2026-01-01T00:00:01Z"}, "edited", True),
        ({"user": {"login": "a[bot]", "id": 3, "type": "Bot"}}, "author", Person("a[bot]", 3, bot=True)),
        ({"user": None}, "author", Person("ghost", 0)),
        ({"body": None}, "body", ""),
    ],
)
def test_what_the_comment_is(tmp_path: Path, comment: dict[str, Any], name: str, value: object) -> None:
    assert getattr(read(tmp_path, changed(**comment)).comment, name) == value


@pytest.mark.parametrize(
    ("environment", "run"),
    [
        ({}, ""),
        (
            {"GITHUB_SERVER_URL": "https://g", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "5"},
            "https://g/o/r/actions/runs/5",
        ),
        ({"GITHUB_SERVER_URL": "https://g", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "x"}, ""),
    ],
)
def test_the_run_is_known(tmp_path: Path, environment: dict[str, str], run: str) -> None:
    assert read(tmp_path, PAYLOAD, **environment).run == run


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        "x",
        None,
        PAYLOAD | {"comment": None},
        changed(id="x"),
        changed(body=["/converge"]),
        changed(id=math.inf),
    ],
)
def test_another_event_is_refused(tmp_path: Path, payload: object) -> None:
    with pytest.raises(UserError, match="error\\[event\\]: "):
        read(tmp_path, payload)


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "event.json").write_bytes(content)
    with pytest.raises(UserError, match="is not JSON"):
        event.read(tmp_path / "event.json", {})
