from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.doctor import acceptance
from release_tools.doctor.findings import blocker, untold, warning

FOUND = dataclasses.replace(blocker('it is "broken"\nin two lines', "a.py:3", "mend it"), check="imports")


def test_what_the_template_holds_is_what_is_read() -> None:
    unknown = dataclasses.replace(untold("u", "x", ""), check="api")
    written = acceptance.template(
        [FOUND, FOUND, unknown, dataclasses.replace(FOUND, accepted="yes", where="b")]
    )
    assert '# it is "broken" in two lines' in written
    read = acceptance.read(written.replace('reason = ""', 'reason = "known"'), "f.toml")
    assert [(entry.key, entry.reason) for entry in read] == [(FOUND.key, "known"), (unknown.key, "known")]


def test_nothing_found_is_nothing_to_accept() -> None:
    assert acceptance.template([]) == ""
    assert acceptance.read("", "f.toml") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[accepted", "error[acceptance]: not TOML"),
        ("x = 1", "error[acceptance]: x: Unexpected keyword argument"),
        ("[[accepted]]\ncheck = 1", "error[acceptance]: accepted.0.check: Input should be a valid string"),
        (
            "[[accepted]]\ncheck='a'\nwhere='b'\nwhat='c'\nreason=' '",
            "error[acceptance]: entry 1, a, has no reason",
        ),
        (
            "[[accepted]]\ncheck='a'\nwhere='b'\nwhat='c'",
            "error[acceptance]: accepted.0.reason: Field required",
        ),
    ],
)
def test_a_file_that_says_nothing_clear(text: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        acceptance.read(text, "f.toml")
    assert str(raised.value).startswith(said)
    assert "f.toml" in str(raised.value)


def test_a_file_that_is_not_there_accepts_nothing(tmp_path: Path) -> None:
    assert acceptance.load(tmp_path / "none.toml") == ()


@pytest.mark.parametrize("content", [b"\xff\xfe"])
def test_a_file_that_is_no_text(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_bytes(content)
    with pytest.raises(UserError, match=r"error\[acceptance\]: cannot be read"):
        acceptance.load(tmp_path / "f.toml")
    with pytest.raises(UserError, match=r"error\[acceptance\]: cannot be read"):
        acceptance.load(tmp_path)


def test_a_warning_may_be_accepted_too() -> None:
    found = dataclasses.replace(warning("w", "x", ""), check="a")
    (marked,) = acceptance.apply([found], [acceptance.Acceptance(*found.key, "so be it")], {"a"})
    assert marked.accepted == "so be it"
