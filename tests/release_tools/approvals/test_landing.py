"""How a pull request is found on the default branch."""

from __future__ import annotations

from dataclasses import replace

import process
import pytest
from process import HEAD, OLD

from release_tools.approvals import landing
from release_tools.approvals.facts import Landing, Unknown
from release_tools.approvals.landing import Logged
from release_tools.approvals.patches import Changed

PULL = process.Process().facts.pull_request
CHANGED = (
    Changed("a.py", "added", "b1", "+a"),
    Changed("b.py", "modified", "b2", "+b"),
    Changed("c.py", "removed", "b3", "-c"),
)
THERE = {"a.py": "b1", "b.py": "b2", "d.py": "d"}
MARK = f"COPYBARA_INTEGRATE_REVIEW=https://github.com/tensorflow/models/pull/3 from carl:pruning {HEAD}"


def find(
    *messages: str, changed: tuple[Changed, ...] | None = CHANGED, tree: dict[str, str] | None = None
) -> object:
    log = [Logged(f"{number:040x}", text) for number, text in enumerate(messages)]
    return landing.find(PULL, log, changed, {} if tree is None else tree)


def test_merged_it_needs_no_log() -> None:
    found = landing.find(replace(PULL, merged=True), (), None, None)
    assert found == Landing("merged", HEAD, PULL.url)


@pytest.mark.parametrize(
    "message",
    [
        f"Pruning\n\n{MARK}\nPiperOrigin-RevId: 1",
        MARK,
        MARK.replace("tensorflow/models", "TensorFlow/Models"),
        "Merge pull request #3 from carl:pruning\n\nPiperOrigin-RevId: 1",
        "Merge pull request #3 from carl/pruning",
    ],
)
def test_a_mark_in_the_log(message: str) -> None:
    found = find("Something else", message)
    assert isinstance(found, Landing)
    assert found.sha == f"{1:040x}"


@pytest.mark.parametrize(
    "message",
    [
        MARK.replace("pull/3", "pull/33"),
        MARK.replace("tensorflow/models", "evil/models"),
        MARK.replace("COPYBARA", "COPY"),
        "Merge pull request #33 from carl/pruning",
        "Merge pull request #3 from carl/other",
        "Merge pull request #3 from stan/pruning",
        "See: Merge pull request #3 from carl/pruning",
        f"Merge pull request #{'9' * 5000} from carl/pruning",
        MARK.replace("/pull/3 ", f"/pull/{'9' * 5000} "),
        "Pruning (#3)",
    ],
)
def test_what_is_no_mark_of_it(message: str) -> None:
    assert find(message) is None


def test_a_mark_of_another_commit_cannot_tell() -> None:
    found = find(MARK.replace(HEAD, OLD))
    assert isinstance(found, Unknown)
    assert OLD[:12] in found.why


def test_the_files_as_they_are_on_the_head() -> None:
    found = find(tree=THERE)
    assert isinstance(found, Landing)
    assert "its files are on master" in found.how


@pytest.mark.parametrize(
    "tree",
    [
        {**THERE, "a.py": "other"},
        {**THERE, "c.py": "b3"},
        {"a.py": "b1"},
    ],
)
def test_other_files_are_not_it(tree: dict[str, str]) -> None:
    assert find(tree=tree) is None


@pytest.mark.parametrize(("changed", "known"), [(None, True), (CHANGED, False)])
def test_files_that_cannot_be_read(changed: tuple[Changed, ...] | None, known: bool) -> None:
    assert isinstance(landing.find(PULL, (), changed, THERE if known else None), Unknown)


def test_nothing_changed_lands_nothing() -> None:
    assert find(changed=(), tree=THERE) is None
