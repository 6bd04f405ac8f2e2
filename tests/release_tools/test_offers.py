"""What stands in the way of an offer, decided without a repository."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release_tools import offers
from release_tools.bump.refusal import Code
from release_tools.offers import Content, Offered, OpenPullRequest, Standing, Written

FILES = (Content("a.txt", b"six\n"),)
OFFER = OpenPullRequest("o/r", "bump", "main", "base", "Title", "", "Why.\n", FILES)
OURS = Written("1", "me[bot]", offers.commit_message(OFFER, "tree"), "tree")
PULL = Offered(7, "https://github.com/o/r/pull/7", "main", "", open=True, merged=False)
DONE = Standing("1", "base", (OURS,), frozenset({("a.txt", FILES[0].blob)}), (PULL,))


def test_a_blob_is_named_as_git_names_it() -> None:
    assert FILES[0].blob == "ffe2fce498955b628014618b28c6bcf152466a4a"


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing(), None),
        (DONE, None),
        (replace(DONE, commits=(OURS, OURS)), None),
        (replace(DONE, commits=(replace(OURS, author="ME[bot]"),)), None),
        (replace(DONE, commits=(replace(OURS, author="you"),)), Code.BRANCH_NOT_OURS),
        (replace(DONE, commits=(replace(OURS, tree="other"),)), Code.BRANCH_NOT_OURS),
        (replace(DONE, commits=(OURS, replace(OURS, message="Mine"))), Code.BRANCH_NOT_OURS),
        (replace(DONE, pulls=(replace(PULL, base="r1"),)), Code.BRANCH_NOT_OURS),
        (replace(DONE, pulls=(replace(PULL, open=False),)), Code.CLOSED),
        (replace(DONE, pulls=(replace(PULL, open=False, merged=True),)), None),
        (replace(DONE, pulls=(replace(PULL, open=False), PULL)), None),
    ],
)
def test_what_stands_in_the_way(standing: Standing, code: Code | None) -> None:
    found = offers.obstacle(OFFER, standing, "me[bot]")
    assert (found.code if found else None) is code


@pytest.mark.parametrize(
    ("standing", "there"),
    [
        (DONE, True),
        (replace(DONE, start="elsewhere"), False),
        (replace(DONE, commits=(OURS, OURS)), False),
        (replace(DONE, changed=frozenset()), False),
        (Standing(), False),
    ],
)
def test_whether_the_branch_is_what_is_offered(standing: Standing, there: bool) -> None:
    assert offers.is_there(OFFER, standing) is there
