"""What happened to branches, newest first, in GitHub's words."""

from __future__ import annotations

from town import Town

ACTIVITY = "/repos/carl/models/activity"


def test_pushes_are_told_with_what_they_were(town: Town) -> None:
    town.pull()
    first = town.fork.git.ref("refs/heads/topic")
    second = town.world.commit(town.fork, "topic", {"new.py": "x = 2\n"}, town.carl)
    town.fork.git.set_ref("refs/heads/topic", first)
    town.world.commit(town.fork, "other", {"o.py": ""}, town.carl, "Other", "master")
    town.fork.git.set_ref("refs/heads/other", "")
    town.world.commit(town.fork, "third", {"t.py": ""}, town.carl, "Third", "master")
    told = town.call(None, "GET", f"{ACTIVITY}?ref=topic").json
    assert [(one["activity_type"], one["after"]) for one in told] == [
        ("force_push", first),
        ("push", second),
        ("branch_creation", first),
    ]
    assert town.call(None, "GET", f"{ACTIVITY}?ref=refs/heads/topic").json == told
    everything = town.call(None, "GET", ACTIVITY).json
    assert {one["ref"] for one in everything} == {"refs/heads/topic", "refs/heads/other", "refs/heads/third"}
    assert any(one["activity_type"] == "branch_deletion" for one in everything)
    assert town.call(None, "GET", f"{ACTIVITY}?per_page=1").json == everything[:1]


def test_a_commits_own_date_plays_no_part(town: Town) -> None:
    town.pull()
    (told,) = town.call(None, "GET", f"{ACTIVITY}?ref=topic").json
    assert told["timestamp"] > "2026-01-01T00:00:00Z"
    assert told["actor"]["login"] == "carl"


def test_of_what_is_not_there_nothing_is_told(town: Town) -> None:
    assert town.call(None, "GET", "/repos/carl/nothing/activity").status == 404
    assert town.call(None, "GET", "/repos/tensorflow/models/activity").json == []
