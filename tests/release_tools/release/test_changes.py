"""Commits become changes: whose, about what, and without what only exporters say."""

from __future__ import annotations

import pytest

from release_tools.policy import Policy
from release_tools.release import changes
from release_tools.release.changes import Change, credited, heading

CORE = "tensorflow_model_optimization/python/core"
PRUNING, QUANTIZATION, CLUSTERING = "Keras pruning API", "Keras quantization API", "Keras clustering API"


def log(*commits: tuple[str, str, str, str]) -> str:
    return "".join(
        f"\0{'a' * 40}\0{name}\0{email}\0{body}\0\n\n{files}\n" for name, email, body, files in commits
    )


def parsed(
    body: str, name: str = "Ann", email: str = "ann@example.invalid", files: str = ""
) -> tuple[Change, ...]:
    return changes.parse(log((name, email, body, files)), Policy().is_bot)


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        ("Fix it.\n\nPiperOrigin-RevId: 700\n", "Fix it."),
        ("PiperOrigin-RevId: 700\n\nFix it", "Fix it"),
        (
            "Merge pull request #1043 from arm:paths\n\nPiperOrigin-RevId: 513\n\nMend the paths",
            "Mend the paths",
        ),
        ("Fix\tit   now", "Fix it now"),
        ("COPYBARA_INTEGRATE_REVIEW=https://x/pull/7 from a:b c\nFix it", "Fix it"),
    ],
)
def test_a_subject_is_what_its_author_says(body: str, subject: str) -> None:
    (change,) = parsed(body)
    assert change.subject == subject


@pytest.mark.parametrize(
    "body",
    [
        "",
        "PiperOrigin-RevId: 7",
        "Automated Code Change\n\nPiperOrigin-RevId: 7",
        "Internal Code Change",
        "BUILD cleanup",
        "Update release notes and version for TFMOT release 0.8.0.",
        "Merge pull request #1043 from arm:paths\n\nPiperOrigin-RevId: 513242106",
    ],
)
def test_what_says_nothing_to_a_user_is_left_out(body: str) -> None:
    assert parsed(body) == ()


@pytest.mark.parametrize(
    ("name", "email", "authors"),
    [
        ("Ann", "ann@example.invalid", ("Ann",)),
        ("A. Unique TensorFlower", "gardener@tensorflow.org", ()),
        ("Whoever", "gardener@tensorflow.org", ()),
        ("copybara-service[bot]", "1+x@users.noreply.github.com", ()),
        ("Dependabot", "49699333+dependabot[bot]@users.noreply.github.com", ()),
        ("Ann", "12+ann@users.noreply.github.com", ("Ann",)),
        ("google-ml-butler", "no@example.invalid", ()),
    ],
)
def test_bots_are_not_credited(name: str, email: str, authors: tuple[str, ...]) -> None:
    (change,) = parsed("Fix it", name, email)
    assert change.authors == authors


def test_co_authors_are_credited_once() -> None:
    people = ("Co-authored-by: Ben <b@x>", "co-authored-by: Ann <a@x>", "Co-authored-by: R <renovate[bot]@x>")
    body = "\n".join(["Fix it", "", *people])
    (change,) = parsed(body)
    assert change.authors == ("Ann", "Ben")
    assert credited((change, Change("x", "y", ("abe", "Ben")))) == ("abe", "Ann", "Ben")


def test_the_same_subject_is_told_once() -> None:
    one = ("Ann", "a@x", "Fix it", "")
    assert len(changes.parse(log(one, one, ("Ben", "b@x", "fix IT", "")), Policy().is_bot)) == 1


def test_a_number_and_a_feature() -> None:
    (change,) = parsed("Merge pull request #7 from a:b\n\nAdd 2:4 sparsity")
    assert (change.pull_request, change.major) == (7, True)


@pytest.mark.parametrize(
    ("files", "subject", "expected"),
    [
        ((f"{CORE}/sparsity/keras/prune.py",), "Fix it", PRUNING),
        ((f"{CORE}/clustering/keras/cluster.py", "RELEASE.md"), "Pruning: fix", CLUSTERING),
        ((f"{CORE}/quantization/keras/quantize.py",), "x", QUANTIZATION),
        (
            (f"{CORE}/quantization/keras/collaborative_optimizations/a.py",),
            "x",
            "Collaborative optimization API",
        ),
        ((f"{CORE}/sparsity/a.py", f"{CORE}/clustering/b.py"), "Fix both", changes.OTHER),
        (("setup.py",), "[Pruning] docs", PRUNING),
        (("setup.py",), "QAT: docs", QUANTIZATION),
        ((), "Anything", changes.OTHER),
        ((), "…", changes.OTHER),
    ],
)
def test_a_change_belongs_where_its_files_are(files: tuple[str, ...], subject: str, expected: str) -> None:
    assert heading(files, subject) == expected
    assert expected in changes.HEADINGS


def test_no_message_breaks_the_log() -> None:
    """Anybody whose commit lands writes one; only NUL cannot be in it."""
    evil = ("Ann", "a@x", "Fix \x1e it\x1f\x1e\n\nbody \x1e", "a.py")
    found = changes.parse(log(evil, ("Ben", "b@x", "Add that", "b.py")), Policy().is_bot)
    assert [one.subject for one in found] == ["Fix", "Add that"]


def test_a_number_that_is_none_of_a_pull_requests_is_no_merge() -> None:
    """Python refuses to read numbers of thousands of digits."""
    (change,) = parsed(f"Merge pull request #{'9' * 5000} from a:b\n\nAdd 2:4 sparsity")
    assert (change.pull_request, change.subject[:20]) == (0, "Merge pull request #")
