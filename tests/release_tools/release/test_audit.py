"""The audit only grows, and tells when it was changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.release.audit import DONE, WAITING, Audit

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def opened(path: Path) -> Audit:
    return Audit(path / "audit.jsonl", lambda: "mona", lambda: WHEN)


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    made = opened(tmp_path)
    made.append("tag", DONE, "v1 ünd\nmore", "a" * 40, "https://x")
    made.append("build", WAITING)
    again = opened(tmp_path)
    assert again.entries == made.entries
    first, second = again.entries
    assert (first.at, first.by, first.previous, len(second.previous)) == (
        "2026-01-02T03:04:05+00:00",
        "mona",
        "",
        64,
    )
    assert again.last("tag", DONE) == first
    assert again.last("tag", WAITING) is None


def test_nothing_is_written_before_something_is_done(tmp_path: Path) -> None:
    assert not opened(tmp_path).path.exists()


def test_the_same_is_said_once(tmp_path: Path) -> None:
    made = opened(tmp_path)
    for what in ("a", "a", "b", "a"):
        made.once("land", WAITING, what)
    assert [one.what for one in made.entries] == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"first"', b'"other"'),
        (b"mona", b"carl"),
        (b'{"at"', b'x{"at"'),
        (b'"link": ""', b'"link": "", "more": ""'),
    ],
)
def test_a_changed_line_is_told(tmp_path: Path, old: bytes, new: bytes) -> None:
    made = opened(tmp_path)
    for what in ("first", "second", "third"):
        made.append("tag", DONE, what)
    content = made.path.read_bytes()
    made.path.write_bytes(content.replace(old, new, 1))
    with pytest.raises(UserError, match=r"error\[audit-broken\]"):
        opened(tmp_path)


@pytest.mark.parametrize("removed", [0, 1])
def test_a_missing_line_is_told(tmp_path: Path, removed: int) -> None:
    made = opened(tmp_path)
    for what in ("first", "second", "third"):
        made.append("tag", DONE, what)
    lines = made.path.read_bytes().splitlines(keepends=True)
    made.path.write_bytes(b"".join(lines[:removed] + lines[removed + 1 :]))
    with pytest.raises(UserError, match=rf"audit.jsonl:{removed + 1}"):
        opened(tmp_path)


def test_a_line_cut_by_a_kill_is_dropped(tmp_path: Path) -> None:
    made = opened(tmp_path)
    made.append("tag", DONE, "first")
    whole = made.path.read_bytes()
    made.path.write_bytes(whole + b'{"at": "2026')
    again = opened(tmp_path)
    assert [one.what for one in again.entries] == ["first"]
    again.append("build", DONE)
    assert len(opened(tmp_path).entries) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b"[]",
        b"\xff",
        b'{"at": 1, "by": "mona", "step": "plan", "state": "begun"}',
        b'{"at": "", "by": "mona", "step": "verify", "state": "done", "digest": ["x"]}',
    ],
)
def test_what_is_no_line_of_it_is_told(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(line + b"\n")
    with pytest.raises(UserError, match=r"error\[audit-broken\]"):
        opened(tmp_path)
