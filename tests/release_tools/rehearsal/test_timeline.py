"""A pull request's timeline: what happened on the sandbox, in order, and by whom."""

from __future__ import annotations

from rehearsed import Rehearsed

from release_tools.rehearsal import timeline
from release_tools.rehearsal.portrait import Label, Moment, Reaction, Remark, What
from release_tools.sandbox import comments, pulls, pushes, reviews


def moments(made: Rehearsed) -> tuple[Moment, ...]:
    return timeline.moments(made.world, made.models, made.issue)


def told(made: Rehearsed) -> list[tuple[str, str]]:
    return [(one.what.name, one.by.login) for one in moments(made)]


def test_all_that_happens_is_told_in_order(played: Rehearsed) -> None:
    bot = "github-actions[bot]"
    assert told(played) == [
        ("LABELED", bot),
        ("PUSHED", "carl"),
        ("COMMENTED", "stan"),
        ("COMMENTED", "mona"),
        ("COMMENTED", bot),
        ("UNLABELED", bot),
        ("LABELED", bot),
        ("LABELED", bot),
        ("COMMENTED", "stan"),
        ("APPROVED", "mona"),
        ("MERGED", "mona"),
    ]
    times = [one.at for one in moments(played)]
    assert times == sorted(times)


def test_a_new_pull_request_has_its_commits_and_no_past(begun: Rehearsed) -> None:
    assert moments(begun) == ()
    (only,) = timeline.opening(begun.models, begun.issue)
    assert (only.sha, only.subject, only.by) == (begun.head, "Add an example of pruning", "carl")


def test_a_push_tells_its_commits_and_leaves_those_of_the_opening(begun: Rehearsed) -> None:
    opened = timeline.opening(begun.models, begun.issue)
    start = begun.fork.git.ref("refs/heads/pruning")
    middle = begun.fork.git.edit(
        "refs/heads/pruning", {"a.py": b"1"}, "One\n\nat length", begun.world.signature(begun.carl), start
    )
    begun.commit("Two", {"a.py": "2"})
    (push,) = moments(begun)
    assert (push.what, push.sha) == (What.PUSHED, begun.head)
    assert [(one.sha, one.subject) for one in push.commits] == [(middle, "One"), (begun.head, "Two")]
    assert timeline.opening(begun.models, begun.issue) == opened


def test_a_forced_push_is_told_as_such(begun: Rehearsed) -> None:
    git, base = begun.fork.git, begun.models.git.ref("refs/heads/master")
    made = git.edit("refs/heads/other", {"b.py": b"1"}, "Anew", begun.world.signature(begun.carl), base)
    assert git.set_ref("refs/heads/pruning", made)
    pushes.look(begun.world)
    (push,) = moments(begun)
    assert (push.what, push.sha, push.commits) == (What.FORCED, made, ())


def test_pushes_to_other_branches_and_after_the_end_are_not_told(begun: Rehearsed) -> None:
    begun.world.commit(begun.fork, "elsewhere", {"x": "1"}, begun.carl, "x", "master")
    pulls.set_state(begun.world, begun.models, begun.issue, "closed", begun.carl)
    begun.world.commit(begun.fork, "pruning", {"x": "2"}, begun.carl, "late")
    assert told(begun) == [("CLOSED", "carl")]


def test_closed_reopened_and_closed_again(begun: Rehearsed) -> None:
    for state in ("closed", "open", "closed"):
        pulls.set_state(begun.world, begun.models, begun.issue, state, begun.mona)
    assert told(begun) == [("CLOSED", "mona"), ("REOPENED", "mona"), ("CLOSED", "mona")]


def test_only_the_last_end_of_a_merged_pull_request_is_its_merge(begun: Rehearsed) -> None:
    for state in ("closed", "open"):
        pulls.set_state(begun.world, begun.models, begun.issue, state, begun.carl)
    begun.play()
    ends = [one for one in moments(begun) if one.what in {What.CLOSED, What.MERGED}]
    assert begun.issue.pull
    assert [(one.what, one.sha) for one in ends] == [
        (What.CLOSED, ""),
        (What.MERGED, begun.issue.pull.merge_commit_sha),
    ]


def test_what_is_said_has_its_text_reactions_and_place(begun: Rehearsed) -> None:
    number = begun.say(begun.mona, "/converge")
    (said,) = begun.issue.comments
    for who in (begun.bot, begun.carl):
        comments.react(begun.world, said.reactions, who, "eyes")
    comments.react(begun.world, said.reactions, begun.carl, "+1")
    (one,) = moments(begun)
    url = f"https://github.com/tensorflow/models/pull/{begun.issue.number}#issuecomment-{number}"
    assert (one.text, one.edited, one.url) == ("/converge", False, url)
    assert one.reactions == (
        Reaction("+1", ("carl",)),
        Reaction("eyes", ("github-actions[bot]", "carl")),
    )
    comments.edit(begun.world, begun.models, begun.issue, said, begun.mona, "something else")
    assert (moments(begun)[0].text, moments(begun)[0].edited) == ("something else", True)


def test_reviews_have_their_commit_and_remarks_once_they_are_given(begun: Rehearsed) -> None:
    base, issue = begun.models, begun.issue
    pending = reviews.give(begun.world, base, issue, begun.mona, "", "not yet")
    reviews.remark(begun.world, base, issue, pending, {"path": "example.py", "line": 1, "body": "why?"})
    assert moments(begun) == ()
    reviews.submit(begun.world, base, issue, pending, "REQUEST_CHANGES", "Please mend.")
    (one,) = moments(begun)
    assert (one.what, one.text, one.sha) == (What.REQUESTED, "Please mend.", begun.head)
    assert one.remarks == (Remark("example.py", 1, "why?"),)
    reviews.dismiss(begun.world, base, issue, pending, begun.mona)
    assert [each.what for each in moments(begun)] == [What.DISMISSED]


def test_labels_keep_their_colour(begun: Rehearsed) -> None:
    begun.label("mot: home")
    begun.issue.labels[0].color = "0e8a16"
    (one,) = moments(begun)
    assert one.label == Label("mot: home", "0e8a16")


def test_people_stand_as_they_do_to_the_repository(begun: Rehearsed) -> None:
    def stands(login: str) -> tuple[str, str, bool]:
        account = begun.world.account(login)
        assert account
        who = timeline.who(begun.world, begun.models, account)
        return who.login, who.association, who.bot

    assert stands("mona") == ("mona", "COLLABORATOR", False)
    assert stands("stan") == ("stan", "NONE", False)
    assert stands("github-actions[bot]") == ("github-actions[bot]", "NONE", True)


def test_what_a_person_said_stays_when_the_account_and_its_fork_are_gone(begun: Rehearsed) -> None:
    begun.say(begun.carl, "I was here")
    begun.commit("More", {"y.py": "1"})
    begun.world.delete(begun.carl)
    assert told(begun) == [("COMMENTED", "ghost")]
    assert [one.subject for one in timeline.opening(begun.models, begun.issue)] == [
        "Add an example of pruning",
        "More",
    ]
