"""RELEASE.md changes in one place, and every other byte stays."""

from __future__ import annotations

import pytest

from convergence.errors import UserError
from release_tools.release import notes
from release_tools.release.changes import OTHER, Change

NEXT, ONE = notes.NEXT, "# TensorFlow Model Optimization 0.8.1"
TEXT = f"<!-- head -->\r\n\n# Release Template\n\n* x\n\n{NEXT}\n\n{ONE}\n\nTFMOT 0.8.1 improves.\n * Fix.\n"
PRUNING = "Keras pruning API"


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        (TEXT, "0.8.1", "TFMOT 0.8.1 improves.\n * Fix."),
        (TEXT, "0.8.2", None),
        (TEXT, "0.8", None),
        (TEXT, "next release TBD", ""),
        (f"{NEXT}\n\nBy hand.\n\n{ONE}\n", "next release TBD", "By hand."),
        (f"{NEXT}\n\nBy hand.\n\n{ONE}\n", "0.8.1", ""),
        ("", "0.8.1", None),
    ],
)
def test_a_section(text: str, version: str, expected: str | None) -> None:
    assert notes.section(text, version) == expected


def test_a_release_goes_below_an_empty_place_for_the_next() -> None:
    after = notes.edited(TEXT, "0.8.2", "New.")
    made = f"{NEXT}\n\n# TensorFlow Model Optimization 0.8.2\n\nNew.\n\n{ONE}"
    assert after == TEXT.replace(f"{NEXT}\n\n{ONE}", made)
    assert notes.section(after, "0.8.2") == "New."
    assert notes.pending(after) == ""


def test_what_was_written_by_hand_moves_into_the_release() -> None:
    text = TEXT.replace(NEXT, f"{NEXT}\n\nBy hand.")
    after = notes.edited(text, "0.8.2", "By hand.\n\nMore.")
    assert notes.section(after, "0.8.2") == "By hand.\n\nMore."
    assert after.count("By hand.") == 1


def test_the_last_section_of_a_file() -> None:
    assert (
        notes.edited(f"{NEXT}\n", "1.0.0", "New.")
        == f"{NEXT}\n\n# TensorFlow Model Optimization 1.0.0\n\nNew.\n"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-next-release"),
        (TEXT, "another-section"),
        (f"{NEXT}\n\nOne.\n\n{NEXT}\n\nTwo.\n", "two-next-releases"),
    ],
)
def test_what_does_not_work(text: str, code: str) -> None:
    with pytest.raises(UserError) as found:
        notes.edited(text, "0.8.1", "New.")
    assert found.value.code == code


def test_changes_are_grouped_as_tfmot_does() -> None:
    changes = (
        Change("Fix a @mention.", PRUNING, ("Ann",)),
        Change("Add [x](https://e.invalid) <b>", PRUNING, ("Ann", "Ben"), major=True, pull_request=7),
        Change("Say it by hand", PRUNING),
        Change("Move docs", OTHER),
    )
    assert notes.written("0.8.2", "TFMOT 0.8.2 says.\n * say it by hand", changes, "TensorFlow 2.20.0") == (
        "TFMOT 0.8.2 says.\n * say it by hand\n\n"
        "Keras pruning API:\n\n"
        "* Major Features and Improvements\n"
        "  * Add [x]\u2060(https://e.invalid) &lt;b> (#7) – Ann, Ben\n"
        "* Bug Fixes and Other Changes\n"
        "  * Fix a @\u2060mention – Ann\n\n"
        "Other changes:\n\n"
        "* Bug Fixes and Other Changes\n"
        "  * Move docs\n\n"
        "* Tested against TensorFlow 2.20.0."
    )


def test_tested_against_is_said_once() -> None:
    said = "Good.\n * Tested against TensorFlow 2.14.1."
    assert notes.written("1.0.0", said, (), "TensorFlow 2.20.0") == said
    assert not notes.states_tested(notes.written("1.0.0", "", (), ""))


def test_notes_call_nobody_elsewhere() -> None:
    assert notes.calm("@ann <img> @\u2060ben") == "@\u2060ann &lt;img> @\u2060ben"


@pytest.mark.parametrize("before", [f"#{notes.NEXT}\n\n", f"See `{notes.NEXT}`.\n\n"])
def test_a_line_that_only_ends_as_the_heading_is_none(before: str) -> None:
    text = f"{before}{notes.NEXT}\n\nBy hand.\n\n# {notes.PROJECT} 0.8.1\n"
    assert notes.edited(text, "0.8.2", "By hand.") == (
        f"{before}{notes.NEXT}\n\n# {notes.PROJECT} 0.8.2\n\nBy hand.\n\n# {notes.PROJECT} 0.8.1\n"
    )
