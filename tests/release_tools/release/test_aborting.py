"""What an abort undoes and what it says stays; decided from what was found, then done on the sandbox."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planned import PLAN
from shipyard import VERSION, Shipyard, Slip

from convergence.errors import UserError
from release_tools.offers import Offered, Standing, Written
from release_tools.publications import ClosePullRequest, DeleteDraft, DeleteTag, PublishedRelease
from release_tools.release import aborting
from release_tools.release.aborting import Found

SHA, OTHER = "a" * 40, "b" * 40
TFMOT, PULL = "tensorflow/model-optimization", Offered(7, "https://x/pull/7", "master", "", True, False)
OURS = Written("c" * 40, "mona", "Release", "t")
NOTHING = Found(False, "", "", "", Standing(), None, False)
DRAFT = PublishedRelease(3, "https://x/releases/3", True, "")
CLOSE = ClosePullRequest(TFMOT, 7, "release-0.8.2", OURS.sha)
DELETE = DeleteTag(TFMOT, "v0.8.2", SHA)


@pytest.mark.parametrize(
    ("found", "effects", "stays"),
    [
        (NOTHING, (), ()),
        (replace(NOTHING, standing=Standing(OURS.sha, "", (OURS,), pulls=(PULL,))), (CLOSE,), ()),
        (
            replace(NOTHING, standing=Standing(OTHER, "", (OURS, OURS), pulls=(PULL,))),
            (replace(CLOSE, sha=""),),
            (),
        ),
        (replace(NOTHING, tag=SHA, ours=SHA), (DELETE,), ()),
        (
            replace(NOTHING, tag=OTHER, ours=SHA),
            (),
            ("v0.8.2 is at bbbbbbbbbbbb, where this release did not put it",),
        ),
        (replace(NOTHING, tag=SHA, ours=SHA, release=DRAFT), (DeleteDraft(TFMOT, "v0.8.2"), DELETE), ()),
        (
            replace(NOTHING, landed=SHA, rehearsed=True),
            (),
            (
                "aaaaaaaaaaaa has landed: revert it with a pull request, as any change",
                "the rehearsal index keeps its wheel; nobody installs from there unasked",
            ),
        ),
    ],
)
def test_what_is_not_public_is_undone(
    found: Found, effects: tuple[object, ...], stays: tuple[str, ...]
) -> None:
    undoing = aborting.decide(PLAN, found)
    assert (undoing.effects, undoing.stays) == (effects, stays)


@pytest.mark.parametrize(("published", "word"), [(True, "is on the index"), (None, "may be on the index")])
def test_what_is_public_stays_with_its_tag(published: bool | None, word: str) -> None:
    found = Found(published, SHA, SHA, "", Standing(), replace(DRAFT, draft=False), False)
    undoing = aborting.decide(PLAN, found)
    first, tag, release = undoing.stays
    assert undoing.effects == ()
    assert first.startswith(f"0.8.2 {word}")
    assert "“Yank”" in first
    assert (tag, release.startswith("https://x/releases/3 stays")) == (
        "v0.8.2 stays, since it says what was published",
        True,
    )


def abort(yard: Shipyard, *words: str) -> tuple[int, list[str]]:
    plan = str(yard.out / "plan.json")
    done = yard.call("abort", plan, "--index-url", f"{yard.index.url}/simple/", *words)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_a_release_that_is_only_proposed_is_given_up(slip: Slip) -> None:
    slip.plan()
    slip.go()
    yard = slip.yard
    before = yard.writes()
    assert abort(yard) == (0, [f"would undo  close {TFMOT}#1 and delete its branch release-{VERSION}"])
    assert yard.writes() == before
    assert abort(yard, "--yes", "--reason", "too early")[0] == 0
    assert (yard.pull().state, yard.tfmot.git.ref(f"refs/heads/release-{VERSION}")) == ("closed", "")
    assert yard.states()[-1] == "abort aborted"
    with pytest.raises(UserError, match=r"error\[aborted\]"):
        slip.go()


def test_a_release_that_is_public_is_not(slip: Slip) -> None:
    slip.landed("announce")
    status, lines = abort(slip.yard, "--yes")
    assert (status, [line.partition("  ")[0] for line in lines]) == (1, ["stays"] * 4)
    assert slip.yard.tag()
    assert len(slip.yard.tfmot.releases) == 1


def test_a_tag_stays_where_an_upload_may_have_arrived(slip: Slip) -> None:
    """An index that is late, and one that was not meant, have nothing to show."""
    slip.landed()
    slip.yard.index.late = 9
    assert slip.go().step == "publish"
    status, lines = abort(slip.yard, "--yes")
    assert (status, [line.partition("  ")[0] for line in lines]) == (1, ["stays"] * 3)
    assert f"{VERSION} may be on the index" in lines[1]
    assert slip.yard.tag()
