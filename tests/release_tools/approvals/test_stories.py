"""What people do to a pull request on the sandbox after it was approved, and what becomes of that."""

from __future__ import annotations

from collections.abc import Callable

import process
import pytest
from process import DIGEST
from walk import EXAMPLE, Walk

from release_tools.sandbox import comments, pulls, pushes, reviews

TRAIN = "official/projects/pruning/train.py"


def approve(walk: Walk) -> None:
    """All of step 4, on the head."""
    walk.say(walk.olga, "/home official users ask for it")
    walk.check()
    walk.converge(DIGEST)
    walk.review(walk.mark)
    walk.say(walk.olga, f"/approve @{walk.head}")


def letters(walk: Walk) -> str:
    (state,) = walk._run().look(str(walk.issue.number))
    walk.state = state
    return "".join(process.LETTERS[one.progress] for one in state.steps)


def set_branch(walk: Walk, sha: str) -> None:
    walk.fork.git.set_ref("refs/heads/pruning", sha)
    pushes.look(walk.world)


def rename(walk: Walk) -> None:
    walk.world.rename(walk.mark, "marcus")


def delete(walk: Walk) -> None:
    walk.world.delete(walk.mark)


def leave(walk: Walk) -> None:
    for team in walk.world.teams.values():
        team.members = [one for one in team.members if one is not walk.mark]


def dismiss(walk: Walk) -> None:
    assert walk.issue.pull
    reviews.dismiss(walk.world, walk.base, walk.issue, walk.issue.pull.reviews[-1], walk.mona)


def ask_for_changes(walk: Walk) -> None:
    walk.review(walk.mona, "REQUEST_CHANGES")


def a_stranger_asks_for_changes(walk: Walk) -> None:
    walk.review(walk.stan, "REQUEST_CHANGES")


def edit(walk: Walk) -> None:
    said = walk.issue.comments[-2]
    assert said.body.startswith("/approve")
    comments.edit(walk.world, walk.base, walk.issue, said, walk.mona, said.body + " ")


def take_back(walk: Walk) -> None:
    comments.delete(walk.world, walk.base, walk.issue, walk.issue.comments[-2], walk.olga)


def close(walk: Walk) -> None:
    pulls.set_state(walk.world, walk.base, walk.issue, "closed", walk.carl)


def close_and_open(walk: Walk) -> None:
    close(walk)
    pulls.set_state(walk.world, walk.base, walk.issue, "open", walk.carl)


def force_push(walk: Walk) -> None:
    other = walk.world.commit(walk.fork, "other", {TRAIN: "evil = 1\n"}, walk.carl, start="master")
    set_branch(walk, other)
    walk.check()


def force_push_and_back(walk: Walk) -> None:
    before = walk.head
    force_push(walk)
    set_branch(walk, before)


def move_the_base(walk: Walk) -> None:
    walk.world.commit(walk.base, "master", {"official/core.py": "x = 2\n"}, walk.mona)


def rebase(walk: Walk) -> None:
    """The same diff onto a base that has moved."""
    move_the_base(walk)
    walk.fork.git.fetch(walk.base.git.folder, "+refs/heads/master:refs/heads/upstream")
    sha = walk.world.commit(walk.fork, "rebased", {TRAIN: EXAMPLE}, walk.carl, start="upstream")
    set_branch(walk, sha)
    walk.check()


def amend(walk: Walk) -> None:
    """Another commit with the same files."""
    sha = walk.world.commit(walk.fork, "amended", {TRAIN: EXAMPLE}, walk.carl, "Better words", "master")
    assert sha != walk.head
    set_branch(walk, sha)
    walk.check()


@pytest.mark.parametrize(
    ("happens", "step"),
    [
        (rename, "d"),
        (delete, "w"),
        (leave, "w"),
        (dismiss, "w"),
        (ask_for_changes, "b"),
        (a_stranger_asks_for_changes, "d"),
        (edit, "w"),
        (take_back, "w"),
        (close_and_open, "d"),
        (force_push, "s"),
        (force_push_and_back, "d"),
        (move_the_base, "d"),
        (rebase, "d"),
        (amend, "d"),
    ],
)
def test_what_becomes_of_the_approvals(walk: Walk, happens: Callable[[Walk], None], step: str) -> None:
    approve(walk)
    assert letters(walk) == "ddddwww"
    happens(walk)
    assert letters(walk) == f"ddd{step}www", walk.state.steps[3]


def test_closed_it_waits_to_be_opened(walk: Walk) -> None:
    approve(walk)
    close(walk)
    assert letters(walk) == "ddddbww"


@pytest.mark.parametrize("pushed", [False, True])
def test_words_are_recorded_for_the_commit_that_was_the_head(walk: Walk, pushed: bool) -> None:
    walk.say(walk.olga, "/home official users ask for it")
    said = comments.write(walk.world, walk.base, walk.issue, walk.olga, "You may depend on it.")
    if pushed:
        walk.commit(TRAIN, f"{EXAMPLE}more = 1\n")
    walk.check()
    walk.converge(DIGEST)
    walk.review(walk.mark)
    walk.say(walk.mark, f"/record-approval #issuecomment-{said.id}")
    assert letters(walk) == ("dddswww" if pushed else "ddddwww")


def test_a_history_that_somebody_wrote_by_hand_is_not_believed(walk: Walk) -> None:
    approve(walk)
    for run in walk.base.runs.values():
        run.path = ".github/workflows/mine.yml"
        walk.base.workflows[run.path] = 7
    assert letters(walk) == "dddwwww"


def test_a_verdict_in_another_pull_request_of_the_same_commit_stands(walk: Walk) -> None:
    walk.claim_outcome = process.Outcome.NOT_REPRODUCED
    walk.converge(DIGEST)
    close(walk)
    walk.world.commit(walk.fork, "again", {TRAIN: EXAMPLE}, walk.carl, "Again", "master")
    walk.issue = pulls.open_pull(
        walk.world, walk.base, walk.carl, "Pruning again", "carl:again", "master", process.BODY
    )
    walk.claim_outcome = process.Outcome.REPRODUCED
    approve(walk)
    assert letters(walk) == "dddbwww"
